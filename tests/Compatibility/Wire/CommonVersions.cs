using Moldau.Protocol.Messages;

namespace Moldau.Compatibility.Wire;

/// <summary>The versions of each API that a broker and we both have.</summary>
internal sealed class CommonVersions
{
    private readonly Dictionary<ApiKey, (short Lowest, short Highest)> _ranges = [];

    public CommonVersions(ApiVersionsResponse broker)
    {
        foreach (var theirs in broker.ApiKeys)
        {
            if (!ApiTable.TryGet(theirs.ApiKey, out var ours)) continue;
            var lowest = Math.Max(theirs.MinVersion, ours.LowestVersion);
            var highest = Math.Min(theirs.MaxVersion, ours.HighestVersion);
            if (lowest <= highest) _ranges.Add(ours.Key, (lowest, highest));
        }
    }

    public short Highest(ApiKey key) => Range(key).Highest;

    public IEnumerable<short> All(ApiKey key)
    {
        var (lowest, highest) = Range(key);
        for (var version = lowest; version <= highest; version++) yield return version;
    }

    public string Text() => string.Join(", ", _ranges.Keys.Order().Select(Text));

    public string Text(ApiKey key) => $"{key} {Range(key).Lowest} to {Range(key).Highest}";

    private (short Lowest, short Highest) Range(ApiKey key) =>
        _ranges.TryGetValue(key, out var range) ? range : throw new InvalidOperationException($"the broker and we have no version of {key} in common");
}
