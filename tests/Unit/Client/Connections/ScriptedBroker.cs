using System.Buffers.Binary;
using System.Collections.Concurrent;
using Moldau.Client;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Client.Connections;

/// <summary>A cluster of pretence: each connection to any of its addresses is answered by the script.</summary>
internal sealed class ScriptedBroker
{
    private readonly ConcurrentDictionary<ApiKey, Func<IMessage, short, int, ScriptedReply>> _script = new();
    private readonly ConcurrentQueue<(int Port, ApiKey Key, short Version)> _asked = new();
    private int _connections;

    public ScriptedBroker()
    {
        On(ApiKey.ApiVersions, static (_, _, _) => ScriptedReply.Of(AllVersions()));
        On(ApiKey.Metadata, (request, _, _) => ScriptedReply.Of(Metadata((MetadataRequest)request)));
    }

    /// <summary>What was asked, in order, with the port it was asked at.</summary>
    public IReadOnlyList<(int Port, ApiKey Key, short Version)> Asked => [.. _asked];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The ports of the brokers that metadata names; their ids are the ports.</summary>
    public IReadOnlyList<int> Brokers { get; set; } = [1];

    public int Leader { get; set; } = 1;

    public int LeaderEpoch { get; set; } = 1;

    /// <summary>How many attempts to connect fail first.</summary>
    public int RefusedConnections { get; set; }

    public static ApiVersionsResponse AllVersions()
    {
        var response = new ApiVersionsResponse();
        foreach (var api in ApiTable.All) response.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = (short)api.Key, MinVersion = api.LowestVersion, MaxVersion = api.HighestVersion });
        return response;
    }

    public void On(ApiKey key, Func<IMessage, short, int, ScriptedReply> answer) => _script[key] = answer;

    public KafkaClientOptions Options() => new()
    {
        Bootstrap = "scripted:1",
        FirstBackOff = TimeSpan.FromMilliseconds(1),
        LongestBackOff = TimeSpan.FromMilliseconds(5),
        RequestTimeout = TimeSpan.FromSeconds(30),
        OperationTimeout = TimeSpan.FromSeconds(30),
        Chance = new Random(7),
        PushesMetrics = false,
        Dial = DialAsync,
    };

    /// <summary>Metadata as usual, behind something that is done first.</summary>
    public Func<IMessage, short, int, ScriptedReply> MetadataThen(Action first) => (request, _, _) =>
    {
        first();
        return ScriptedReply.Of(Metadata((MetadataRequest)request));
    };

    public int CountOf(ApiKey key) => _asked.Count(asked => asked.Key == key);

    private ValueTask<Stream> DialAsync(string host, int port, CancellationToken cancellation)
    {
        if (RefusedConnections-- > 0) throw new IOException("refused by the script");
        Interlocked.Increment(ref _connections);
        var (client, server) = DuplexStream.Pair();
        _ = ServeAsync(server, port);
        return ValueTask.FromResult<Stream>(client);
    }

    private MetadataResponse Metadata(MetadataRequest request)
    {
        var response = new MetadataResponse { ClusterId = "scripted", ControllerId = Brokers[0] };
        foreach (var port in Brokers) response.Brokers.Add(new MetadataResponse.Broker { NodeId = port, Host = "scripted", Port = port });
        foreach (var topic in request.Topics!)
        {
            response.Topics.Add(new MetadataResponse.Topic
            {
                Name = topic.Name ?? "t",
                TopicId = new Uuid(1, 2),
                Partitions = [new MetadataResponse.Partition { LeaderId = Leader, LeaderEpoch = LeaderEpoch, ReplicaNodes = [Leader], IsrNodes = [Leader] }],
            });
        }

        return response;
    }

    private async Task ServeAsync(DuplexStream stream, int port)
    {
        await using var own = stream;
        var prefix = new byte[sizeof(int)];
        while (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length)
        {
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await stream.ReadExactlyAsync(frame);
            var (reply, bytes) = Answer(frame, port);
            if (reply.Message is null) continue;
            await stream.WriteAsync(bytes.AsMemory(0, reply.CutAt ?? bytes.Length));
            await stream.FlushAsync();
            if (reply.CutAt is not null) return;
        }
    }

    private (ScriptedReply Reply, byte[] Bytes) Answer(byte[] frame, int port)
    {
        var api = ApiTable.Get((ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame));
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(sizeof(short)));
        _asked.Enqueue((port, api.Key, version));
        var reader = new WireReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, api.RequestHeaderVersion(version));
        var request = api.NewRequest();
        MessageBytes.ReadInto(request, frame.AsMemory(reader.Position), version);
        var reply = _script.TryGetValue(api.Key, out var answer) ? answer(request, version, port) : ScriptedReply.Silence;
        if (reply.Message is null) return (reply, []);

        var written = reply.Version ?? version;
        var responseHeader = new ResponseHeader { CorrelationId = header.CorrelationId + reply.CorrelationShift };
        byte[] message = [.. MessageBytes.Write(responseHeader, api.ResponseHeaderVersion(written)), .. MessageBytes.Write(reply.Message, written)];
        var bytes = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, message.Length);
        message.CopyTo(bytes, sizeof(int));
        return (reply, bytes);
    }
}
