using System.Globalization;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>Which versions of each request a broker takes.</summary>
internal sealed class VersionRanges
{
    private readonly Dictionary<short, (short Lowest, short Highest)> _byApi = [];
    private readonly BrokerAddress _broker;

    public VersionRanges(BrokerAddress broker, ApiVersionsResponse response)
    {
        _broker = broker;
        foreach (var api in response.ApiKeys) _byApi[api.ApiKey] = (api.MinVersion, api.MaxVersion);
    }

    /// <summary>Whether both sides have a version of it.</summary>
    public bool Has(ApiKey key) =>
        _byApi.TryGetValue((short)key, out var theirs) && theirs.Lowest <= ApiTable.Get(key).HighestVersion && theirs.Highest >= ApiTable.Get(key).LowestVersion;

    /// <summary>The highest version that both sides have.</summary>
    /// <param name="key">Which request.</param>
    /// <param name="highest">A version above which the caller cannot say what it means.</param>
    /// <exception cref="KafkaException">There is none.</exception>
    public short Choose(ApiKey key, short highest = short.MaxValue)
    {
        var api = ApiTable.Get(key);
        if (!_byApi.TryGetValue((short)key, out var theirs))
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"the broker does not have {api.Name}; it may be too old for what was asked, or another node has it", _broker.ToString());
        var version = Math.Min(Math.Min(api.HighestVersion, highest), theirs.Highest);
        if (version >= Math.Max(api.LowestVersion, theirs.Lowest)) return version;
        throw new KafkaException(
            ErrorCode.UnsupportedVersion,
            string.Create(CultureInfo.InvariantCulture, $"no common version of {api.Name}: the broker takes {theirs.Lowest} to {theirs.Highest}, this client has {api.LowestVersion} to {Math.Min(api.HighestVersion, highest)}"),
            _broker.ToString());
    }
}
