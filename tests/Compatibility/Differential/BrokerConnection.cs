using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Compatibility.Differential;

/// <summary>One connection to a broker, which may be closed by it: that is an answer too.</summary>
internal sealed class BrokerConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpClient _socket = new() { NoDelay = true };
    private int _correlationId;

    public bool IsClosed { get; private set; }

    public static async Task<BrokerConnection> ConnectAsync(IPEndPoint address)
    {
        var connection = new BrokerConnection();
        using var patience = new CancellationTokenSource(Deadline);
        await connection._socket.ConnectAsync(address, patience.Token);
        return connection;
    }

    /// <summary>Sends a request and waits for its response.</summary>
    public async Task<BrokerAnswer> AskAsync(ApiDescription api, short version, ReadOnlyMemory<byte> body)
    {
        try
        {
            await SendAsync(api, version, body);
            var response = await ReceiveAsync();
            return CorrelationOf(response) == _correlationId
                ? new BrokerAnswer(WithoutHeader(response, api.ResponseHeaderVersion(version)), null)
                : new BrokerAnswer(default, "the response of another request");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited {Deadline.TotalSeconds} s for the response to {api.Name} version {version}");
        }
        catch (IOException)
        {
            IsClosed = true;
            return new BrokerAnswer(default, "closed");
        }
    }

    /// <summary>Sends a request that has no response, and another one to see that the connection still stands.</summary>
    public async Task<BrokerAnswer> TellAsync(ApiDescription api, short version, ReadOnlyMemory<byte> body)
    {
        var probe = ApiTable.Get(ApiKey.ApiVersions);
        try
        {
            await SendAsync(api, version, body);
        }
        catch (IOException)
        {
            IsClosed = true;
            return new BrokerAnswer(default, "closed");
        }

        var answer = await AskAsync(probe, 0, ReadOnlyMemory<byte>.Empty);
        return new BrokerAnswer(default, answer.Silence ?? "no response");
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(ApiDescription api, short version, ReadOnlyMemory<byte> body)
    {
        var header = new RequestHeader { RequestApiKey = (short)api.Key, RequestApiVersion = version, CorrelationId = ++_correlationId, ClientId = "differential" };
        byte[] message = [.. MessageBytes.Write(header, api.RequestHeaderVersion(version)), .. body.Span];
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        message.CopyTo(frame, sizeof(int));
        using var patience = new CancellationTokenSource(Deadline);
        await _socket.GetStream().WriteAsync(frame, patience.Token);
    }

    private async Task<byte[]> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        var length = new byte[sizeof(int)];
        await _socket.GetStream().ReadExactlyAsync(length, patience.Token);
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _socket.GetStream().ReadExactlyAsync(response, patience.Token);
        return response;
    }

    private static int CorrelationOf(byte[] response) => BinaryPrimitives.ReadInt32BigEndian(response);

    private static ReadOnlyMemory<byte> WithoutHeader(byte[] response, short version)
    {
        var reader = new WireReader(response);
        new ResponseHeader().Read(ref reader, version);
        return response.AsMemory(reader.Position);
    }
}
