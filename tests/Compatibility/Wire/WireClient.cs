using System.Buffers.Binary;
using System.Net.Sockets;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Compatibility.Wire;

/// <summary>One connection to a broker, spoken with our messages: a request, then its response.</summary>
internal sealed class WireClient : IDisposable
{
    private const string ClientName = "moldau-tests";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TcpClient _connection = new() { NoDelay = true };
    private int _correlationId;

    private WireClient()
    {
    }

    public static async Task<WireClient> ConnectAsync(string host, int port)
    {
        var client = new WireClient();
        try
        {
            await WithinAsync($"a connection to {host}:{port}", async patience =>
            {
                await client._connection.ConnectAsync(host, port, patience);
                return true;
            });
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <param name="key">What to ask for.</param>
    /// <param name="version">In which version.</param>
    /// <param name="request">The request.</param>
    /// <param name="surplus">How many bytes this broker is known to write behind the end of the response.</param>
    public async Task<T> AskAsync<T>(ApiKey key, short version, IMessage request, int surplus = 0) where T : IMessage, new()
    {
        var body = await ExchangeAsync(key, version, request);
        return MessageBytes.Read<T>(body[..^surplus], version);
    }

    /// <summary>
    /// Asks for the versions with our newest request. A broker that is older refuses it, in version 0 by the rules; but
    /// librdkafka's writes the list in a form of no version, so only the refusal is read, and version 0 asked for.
    /// </summary>
    public async Task<CommonVersions> NegotiateAsync()
    {
        var newest = ApiTable.Get(ApiKey.ApiVersions).HighestVersion;
        var body = await ExchangeAsync(ApiKey.ApiVersions, newest, VersionsRequest);
        return (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(body.Span) == ErrorCode.UnsupportedVersion
            ? await VersionsAsync(0)
            : new CommonVersions(MessageBytes.Read<ApiVersionsResponse>(body, newest));
    }

    public async Task<CommonVersions> VersionsAsync(short version) =>
        new(await AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, version, VersionsRequest));

    public void Dispose() => _connection.Dispose();

    private static ApiVersionsRequest VersionsRequest => new() { ClientSoftwareName = ClientName, ClientSoftwareVersion = "1" };

    private async Task<ReadOnlyMemory<byte>> ExchangeAsync(ApiKey key, short version, IMessage request)
    {
        var api = ApiTable.Get(key);
        var header = new RequestHeader { RequestApiKey = (short)key, RequestApiVersion = version, CorrelationId = ++_correlationId, ClientId = ClientName };
        byte[] message = [.. MessageBytes.Write(header, api.RequestHeaderVersion(version)), .. MessageBytes.Write(request, version)];
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        message.CopyTo(frame, sizeof(int));

        var response = await WithinAsync($"the response to {key} version {version}", async patience =>
        {
            var stream = _connection.GetStream();
            await stream.WriteAsync(frame, patience);
            await stream.ReadExactlyAsync(frame.AsMemory(0, sizeof(int)), patience);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(frame)];
            await stream.ReadExactlyAsync(body, patience);
            return body;
        });
        return WithoutHeader(response, api.ResponseHeaderVersion(version));
    }

    private ReadOnlyMemory<byte> WithoutHeader(ReadOnlyMemory<byte> response, short version)
    {
        var reader = new WireReader(response);
        var header = new ResponseHeader();
        header.Read(ref reader, version);
        return header.CorrelationId == _correlationId
            ? response[reader.Position..]
            : throw new InvalidDataException($"the response of request {header.CorrelationId} came for request {_correlationId}");
    }

    private static async Task<T> WithinAsync<T>(string purpose, Func<CancellationToken, Task<T>> work)
    {
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {purpose}");
        }
        catch (EndOfStreamException closed)
        {
            throw new InvalidDataException($"the broker closed the connection instead of {purpose}", closed);
        }
    }
}
