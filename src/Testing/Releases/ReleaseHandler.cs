using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Releases;

/// <summary>
/// Serves no version that an older release did not have: as that release, it closes the connection, and a client that asks what there
/// is in too new a version is answered in version 0.
/// </summary>
internal sealed class ReleaseHandler(ApiKey api, RequestHandler inner, KafkaRelease release) : RequestHandler
{
    public override void Start(Exchange exchange)
    {
        if (release.Ranges.TryGetValue(api, out var range) && !exchange.IsUnservedVersion && exchange.Version >= range.Lowest && exchange.Version <= range.Highest)
        {
            inner.Start(exchange);
            // It has ended already, and nothing is sent before this returns.
            if (api == ApiKey.ApiVersions) Limit((ApiVersionsResponse)exchange.Response);
            return;
        }

        if (api == ApiKey.ApiVersions)
        {
            exchange.Unserve();
            var response = (ApiVersionsResponse)exchange.Response;
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            // Told since 2.4 (KIP-511), whose first version of that kind is 3.
            if (range.Highest >= 3) response.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)api, MinVersion = range.Lowest, MaxVersion = range.Highest });
            exchange.Complete();
            return;
        }

        exchange.HasReply = false;
        exchange.EndReason = $"{api} version {exchange.Version} is not one of Kafka {release.Name}";
        exchange.Complete();
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);

    private void Limit(ApiVersionsResponse response)
    {
        var kept = new List<ApiVersionsResponse.Api>();
        foreach (var served in response.ApiKeys)
        {
            if (release.Ranges.TryGetValue((ApiKey)served.ApiKey, out var range))
                kept.Add(new ApiVersionsResponse.Api { ApiKey = served.ApiKey, MinVersion = range.Lowest, MaxVersion = range.Highest });
        }

        response.ApiKeys.Clear();
        foreach (var one in kept) response.ApiKeys.Add(one);
        if (release.HasFeatures) return;
        response.SupportedFeatures.Clear();
        response.FinalizedFeatures.Clear();
        response.FinalizedFeaturesEpoch = -1;
    }
}
