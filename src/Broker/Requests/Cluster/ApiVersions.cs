using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>ApiVersions: what is served, from the table of handlers. It is answered in whatever version it is asked.</summary>
internal sealed class ApiVersions(Func<RequestHandlers> handlers, MetadataFollower metadata, NetworkLog log) : TypedHandler<ApiVersionsRequest, ApiVersionsResponse>(log)
{
    private const short FirstWithSoftware = 3;
    private const short FirstWithFeaturesFromZero = 4;

    protected override ValueTask HandleAsync(Exchange exchange, ApiVersionsRequest request, ApiVersionsResponse response)
    {
        if (exchange.IsUnservedVersion)
        {
            // In version 0, which everybody can read, with the versions of this API alone (KIP-511).
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            Add(response, exchange.Row);
            return ValueTask.CompletedTask;
        }

        if (exchange.Version >= FirstWithSoftware)
        {
            if (!IsName(request.ClientSoftwareName) || !IsName(request.ClientSoftwareVersion))
            {
                response.ErrorCode = ErrorCode.InvalidRequest;
                return ValueTask.CompletedTask;
            }

            exchange.Connection.Software = new ClientSoftware(request.ClientSoftwareName, request.ClientSoftwareVersion);
        }

        foreach (var row in handlers().All) Add(response, row);
        AddFeatures(exchange.Version, response);
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(ApiVersionsRequest request, ApiVersionsResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static void Add(ApiVersionsResponse response, ApiRow row) => response.ApiKeys.Add(new ApiVersionsResponse.Api
    {
        ApiKey = (short)row.Api.Key,
        MinVersion = row.Api.LowestAdvertisedVersion,
        MaxVersion = row.Api.HighestAdvertisedVersion,
    });

    private void AddFeatures(short version, ApiVersionsResponse response)
    {
        foreach (var feature in Features.All)
        {
            // Whoever reads an older version takes a lowest level of 0 for damage.
            if (feature.Lowest == 0 && version < FirstWithFeaturesFromZero) continue;
            response.SupportedFeatures.Add(new ApiVersionsResponse.SupportedFeature { Name = feature.Name, MinVersion = feature.Lowest, MaxVersion = feature.Highest });
        }

        if (metadata.Current.Features is not { } finalized) return;
        response.FinalizedFeaturesEpoch = finalized.Epoch;
        foreach (var (name, level) in finalized.Levels)
            response.FinalizedFeatures.Add(new ApiVersionsResponse.FinalizedFeature { Name = name, MaxVersionLevel = level, MinVersionLevel = level });
    }

    /// <summary>Letters and digits, with dashes and dots between them.</summary>
    private static bool IsName(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.')) return false;
        }

        return true;
    }
}
