using System.Buffers.Binary;
using System.Reflection;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>
/// Finds out which versions a broker has. It is asked in our newest version; one that does not know it answers in version
/// 0 with UNSUPPORTED_VERSION and, where it is recent enough, with the versions it does know.
/// </summary>
internal static class VersionAgreement
{
    private static readonly string Software = typeof(VersionAgreement).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static async Task<VersionRanges> RunAsync(BrokerConnection connection, KafkaClientOptions options, CancellationToken cancellation)
    {
        var api = ApiTable.Get(ApiKey.ApiVersions);
        var version = api.HighestVersion;
        while (true)
        {
            var request = new ApiVersionsRequest { ClientSoftwareName = "moldau", ClientSoftwareVersion = Software };
            var frame = await connection.ExchangeAsync(api, version, request, options.RequestTimeout, cancellation).ConfigureAwait(false);
            var body = frame.AsMemory(sizeof(int));
            var error = body.Length < sizeof(short) ? ErrorCode.None : (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(body.Span);
            if (error == ErrorCode.None) return new VersionRanges(connection.Address, MessageBytes.Read<ApiVersionsResponse>(body, version));
            if (error != ErrorCode.UnsupportedVersion || version == 0) throw KafkaException.Of(error, null, connection.Address.ToString());
            version = Lower(MessageBytes.Read<ApiVersionsResponse>(body, 0), version);
        }
    }

    private static short Lower(ApiVersionsResponse response, short refused)
    {
        foreach (var api in response.ApiKeys)
        {
            if (api.ApiKey == (short)ApiKey.ApiVersions) return Math.Clamp(api.MaxVersion, (short)0, (short)(refused - 1));
        }

        return 0;
    }
}
