using Xunit;
using Moldau.Protocol.Errors;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Unit.Broker.Serving;

/// <summary>A connection to a broker whose requests may be sent ahead of their replies.</summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpClient _socket = new() { NoDelay = true };
    private readonly string _clientId;
    private Stream _stream = Stream.Null;
    private int _sent;
    private int _received;

    private Conversation(string clientId) => _clientId = clientId;

    /// <param name="address">The listener's.</param>
    /// <param name="clientId">What it calls itself.</param>
    /// <param name="tls">Null to speak without.</param>
    public static async Task<Conversation> ConnectAsync(IPEndPoint address, string clientId = "test", SslClientAuthenticationOptions? tls = null)
    {
        var conversation = new Conversation(clientId);
        using var patience = new CancellationTokenSource(Deadline);
        await conversation._socket.ConnectAsync(address, patience.Token);
        conversation._stream = conversation._socket.GetStream();
        if (tls is null) return conversation;
        var stream = new SslStream(conversation._stream);
        conversation._stream = stream;
        try
        {
            await stream.AuthenticateAsClientAsync(tls, patience.Token);
            return conversation;
        }
        catch
        {
            conversation.Dispose();
            throw;
        }
    }

    /// <summary>What was agreed on; null without TLS.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>Bytes that have come and were not read.</summary>
    public int Available => _socket.Available;

    public static byte[] Batch(params string[] values)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), OptionalBytes.Null, System.Text.Encoding.UTF8.GetBytes(value));
        return builder.Finish(new BatchOptions()).ToArray();
    }

    public static ProduceRequest Produce(string topic, byte[] batch, short acks = -1, int partition = 0) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new ProduceRequest.Topic { Name = topic, PartitionData = [new ProduceRequest.Partition { Index = partition, Records = RecordData.Of(batch) }] }],
    };

    public static FetchRequest Fetch(string topic, long offset, int waitMs = 0, int minBytes = 1) => new()
    {
        MaxWaitMs = waitMs,
        MinBytes = minBytes,
        MaxBytes = 1 << 20,
        Topics = [new FetchRequest.FetchTopic { Topic = topic, Partitions = [new FetchRequest.FetchPartition { FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
    };

    /// <summary>Makes the topic, by asking for it.</summary>
    public async Task<Uuid> CreateAsync(string topic)
    {
        var metadata = await AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.Topic { Name = topic }], AllowAutoTopicCreation = true });
        Assert.Equal(ErrorCode.None, metadata.Topics[0].ErrorCode);
        return metadata.Topics[0].TopicId;
    }

    public async Task<T> AskAsync<T>(ApiKey key, short version, IMessage request)
        where T : IMessage, new()
    {
        await SendAsync(key, version, request);
        return await ReceiveAsync<T>(key, version);
    }

    public async Task SendAsync(ApiKey key, short version, IMessage request) => await SendRawAsync(Frame(key, version, request));

    public byte[] Frame(ApiKey key, short version, IMessage request)
    {
        var api = ApiTable.Get(key);
        var header = new RequestHeader { RequestApiKey = (short)key, RequestApiVersion = version, CorrelationId = ++_sent, ClientId = _clientId };
        byte[] message = [.. MessageBytes.Write(header, api.RequestHeaderVersion(version)), .. MessageBytes.Write(request, version)];
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        message.CopyTo(frame, sizeof(int));
        return frame;
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Deadline);
        await _stream.WriteAsync(bytes, patience.Token);
    }

    public async Task<T> ReceiveAsync<T>(ApiKey key, short version)
        where T : IMessage, new()
    {
        var response = await ReceiveRawAsync();
        var reader = new WireReader(response);
        var header = new ResponseHeader();
        header.Read(ref reader, ApiTable.Get(key).ResponseHeaderVersion(version));
        Assert.Equal(++_received, header.CorrelationId);
        return MessageBytes.Read<T>(response.AsMemory(reader.Position), version);
    }

    /// <summary>A response whose request has none is passed over.</summary>
    public void Skip() => _received++;

    public async Task<byte[]> ReceiveRawAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        var length = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(length, patience.Token);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(body, patience.Token);
        return body;
    }

    /// <summary>Waits until the broker closes the connection.</summary>
    public async Task ExpectClosedAsync()
    {
        using var patience = new CancellationTokenSource(Deadline);
        try
        {
            Assert.Equal(0, await _stream.ReadAsync(new byte[1], patience.Token));
        }
        catch (IOException)
        {
            // Reset, which is closed too.
        }
    }

    public void Dispose() => _socket.Dispose();
}
