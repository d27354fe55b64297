using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>Readers of a <see cref="PreparedBroker"/>: our consumer, record by record or by batches, and a thread that blocks and walks what comes.</summary>
internal sealed class ConsumeLoad : IDisposable
{
    private const int FrameBytes = 2 << 20;

    private readonly PreparedBroker _broker;
    private readonly KafkaClient _client;
    private readonly Consumer<byte[], byte[]> _consumer;
    private readonly Consumer<int, int> _lean;
    private readonly PooledBuffer _scratch = new();
    private readonly byte[] _frame = new byte[FrameBytes];
    private Socket? _bare;
    private long _read;
    private long _offset;

    public ConsumeLoad(int recordBytes)
    {
        _broker = new PreparedBroker(recordBytes);
        _client = new KafkaClient(new KafkaClientOptions { Bootstrap = $"127.0.0.1:{_broker.Port}" });
        var start = new Dictionary<TopicPartition, StartPosition> { [new TopicPartition(PreparedBroker.Topic, 0)] = StartPosition.Offset(0) };
        _consumer = _client.CreateConsumer<byte[], byte[]>(new ConsumerOptions());
        _consumer.AssignAsync(start).GetAwaiter().GetResult();
        _lean = _client.CreateConsumer(new ConsumerOptions(), new LengthSerde(), new LengthSerde());
        _lean.AssignAsync(start).GetAwaiter().GetResult();
    }

    /// <summary>Records in one answer.</summary>
    public int Records => _broker.AnswerRecords;

    /// <summary>What the process allocated for each record when it was read last.</summary>
    public double AllocatedEach { get; private set; }

    public void ReadRecords(int answers) => Counted(answers, RecordsAsync);

    public void ReadLengths(int answers) => Counted(answers, LengthsAsync);

    public void ReadBatches(int answers) => Counted(answers, BatchesAsync);

    /// <summary>The same answers, asked for one behind the other, checked and walked.</summary>
    public void Walk(int answers)
    {
        if (_bare is null)
        {
            _bare = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _bare.Connect(IPAddress.Loopback, _broker.Port);
            Ask();
        }

        for (; answers > 0; answers--)
        {
            var length = Receive();
            Ask();
            var reader = new Moldau.Protocol.Primitives.WireReader(_frame.AsMemory(0, length));
            new ResponseHeader().Read(ref reader, 1);
            var answer = MessageBytes.Read<FetchResponse>(_frame.AsMemory(reader.Position, length - reader.Position), 12);
            var batches = new BatchReader(answer.Responses[0].Partitions[0].Records.Bytes.Span);
            while (batches.MoveNext())
            {
                batches.Current.EnsureChecksum();
                var records = batches.Current.GetRecords(_scratch);
                while (records.MoveNext()) _read += records.Value.Length;
            }
        }
    }

    public void Dispose()
    {
        _bare?.Dispose();
        _consumer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _lean.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _broker.Dispose();
        _scratch.Dispose();
    }

    private void Counted(int answers, Func<long, Task> read)
    {
        var before = GC.GetTotalAllocatedBytes();
        read((long)answers * Records).GetAwaiter().GetResult();
        AllocatedEach = (GC.GetTotalAllocatedBytes() - before) / ((double)answers * Records);
    }

    private async Task RecordsAsync(long left)
    {
        await foreach (var record in _consumer.ReadAllAsync())
        {
            _read += record.Value!.Length;
            if (--left == 0) break;
        }
    }

    private async Task LengthsAsync(long left)
    {
        await foreach (var record in _lean.ReadAllAsync())
        {
            _read += record.Value;
            if (--left == 0) break;
        }
    }

    private async Task BatchesAsync(long left)
    {
        await foreach (var batch in _consumer.ReadBatchesAsync())
        {
            for (var i = 0; i < batch.Count; i++) _read += batch.Raw(i).Value!.Value.Length;
            if ((left -= batch.Count) <= 0) break;
        }
    }

    private void Ask()
    {
        var api = ApiTable.Get(ApiKey.Fetch);
        byte[] request =
        [
            .. MessageBytes.Write(new RequestHeader { RequestApiKey = (short)ApiKey.Fetch, RequestApiVersion = 12, ClientId = "" }, api.RequestHeaderVersion(12)),
            .. MessageBytes.Write(new FetchRequest { Topics = [new FetchRequest.FetchTopic { Topic = PreparedBroker.Topic, Partitions = [new FetchRequest.FetchPartition { FetchOffset = _offset }] }] }, 12),
        ];
        _offset += Records;
        var prefix = new byte[sizeof(int)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(prefix, request.Length);
        _bare!.Send([new ArraySegment<byte>(prefix), new ArraySegment<byte>(request)]);
    }

    private int Receive()
    {
        Fill(sizeof(int));
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(_frame);
        Fill(length);
        return length;
    }

    private void Fill(int length)
    {
        for (var have = 0; have < length;) have += _bare!.Receive(_frame, have, length - have, SocketFlags.None);
    }

    /// <summary>What a value takes that is not copied: its length.</summary>
    private sealed class LengthSerde : ISerde<int>
    {
        public void Write(int value, IBufferWriter<byte> to, in SerdeContext context) => throw new NotSupportedException("it reads only");

        public int Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => (int)bytes.Length;
    }
}
