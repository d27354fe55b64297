using System.Globalization;
using Moldau.Bench.Harness;
using Moldau.Bench.Load;
using Moldau.Bench.Race;
using Moldau.Bench.Rows.Logs;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Rows;

/// <summary>Our own producer: records that one thread hands over until the last is confirmed, by a broker that does the least it can.</summary>
internal static class ClientProduceRows
{
    private const int BatchBytes = 64 << 10;
    // The bare broker's room for a request is no larger.
    private const int RequestBytes = 512 << 10;
    private const int Together = 1000;
    private const int Partitions = 6;
    private const int RequestsUnderWay = 5;
    private const short AllReplicas = -1;

    public static IEnumerable<Row> All()
    {
        foreach (var (size, name, goal) in ((int, string, Goal)[])[(100, "100 B", new Goal(Value: 8000)), (1024, "1 KiB", new Goal(TimesPeer: 0.7))])
        {
            var producer = new Lazy<Bare>(static () => new Bare(TimeSpan.FromMilliseconds(5)));
            var value = new byte[size];
            var cost = (Bytes: 0.0, Nanoseconds: 0.0);
            yield return new Row(
                $"client: enqueue {name} until confirmed",
                Unit.ThousandsPerSecond,
                new Subject(times => cost = Cost(times, () => EnqueueAsync(producer.Value.Producer, value, times))),
                new Subject(times => producer.Value.Encode(size, times)),
                goal)
            {
                Note = "one thread, 6 partitions, acks=all, idempotent; beside one thread that blocks, encodes as many into batches and sends them",
                Found = () => string.Create(CultureInfo.InvariantCulture, $"; all threads together {cost.Bytes:F2} bytes allocated and {cost.Nanoseconds:F0} ns of a processor a record"),
                Pace = Pace.Disk,
            };
            yield return new Row(
                $"client: {name} encoded before and sent until confirmed",
                Unit.ThousandsPerSecond,
                new Subject(times => producer.Value.Send(size, times)),
                new Subject(Encoding(value)),
                Goal.None) { Note = "no client: one thread that blocks and sends the same bytes again, which is what the way takes; beside encoding them into batches with their checksum", Pace = Pace.Disk };
            if (producer.IsValueCreated) producer.Value.Dispose();
        }

        var prompt = new Lazy<Bare>(static () => new Bare(TimeSpan.Zero));
        var small = new byte[100];
        yield return new Row(
            $"client: {Together} awaited sends at once, no linger",
            Unit.ThousandsPerSecond,
            new Subject(times => SendAsync(prompt.Value.Producer, small, times).GetAwaiter().GetResult()),
            null,
            Goal.None) { Note = "100 B", Pace = Pace.Disk };
        if (prompt.IsValueCreated) prompt.Value.Dispose();
    }

    /// <summary>What all of the client's threads take for a record, which says more than the time on a machine that others use, too.</summary>
    private static (double Bytes, double Nanoseconds) Cost(int times, Func<Task> run)
    {
        var bytes = GC.GetTotalAllocatedBytes();
        var time = Environment.CpuUsage.TotalTime;
        Task.Run(run).GetAwaiter().GetResult();
        return ((double)(GC.GetTotalAllocatedBytes() - bytes) / times, (Environment.CpuUsage.TotalTime - time).TotalNanoseconds / times);
    }

    private static async Task EnqueueAsync(Producer producer, byte[] value, int times)
    {
        for (; times > 0; times--) await producer.EnqueueAsync("t", new OutgoingRecord { Value = value });
        var summary = await producer.FlushAsync();
        if (summary.Lost.Count > 0) throw summary.Lost[0].Error;
    }

    private static Task SendAsync(Producer producer, byte[] value, int times)
    {
        var left = times;
        var senders = new Task[Together];
        for (var i = 0; i < senders.Length; i++)
        {
            senders[i] = Task.Run(async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0) await producer.SendAsync("t", new OutgoingRecord { Value = value });
            });
        }

        return Task.WhenAll(senders);
    }

    private static Action<int> Encoding(byte[] value)
    {
        var builder = new RecordBatchBuilder(initialCapacity: BatchBytes);
        return times =>
        {
            for (; times > 0; times--)
            {
                builder.Append(1_700_000_000_000, OptionalBytes.Null, value);
                if (builder.UncompressedSize + value.Length + 50 < BatchBytes) continue;
                builder.Finish(new BatchOptions());
                builder.Clear();
            }
        };
    }

    private sealed class Bare : IDisposable
    {
        private readonly BenchFolder _folder = new();
        private readonly Contender _broker;
        private readonly KafkaClient _client;
        private readonly Dictionary<int, EncodedBatches> _encoded = [];
        private readonly Dictionary<int, PreparedRequests> _prepared = [];

        public Bare(TimeSpan linger)
        {
            _broker = Contenders.Start(ContenderKind.Limit, _folder.Path);
            _client = new KafkaClient(new KafkaClientOptions { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_broker.Port}") });
            Producer = _client.CreateProducer(new ProducerOptions { Linger = linger, BatchBytes = BatchBytes, MaxRequestBytes = RequestBytes });
        }

        public Producer Producer { get; }

        /// <summary>Encodes as many and sends them.</summary>
        public void Encode(int size, int times)
        {
            if (!_encoded.TryGetValue(size, out var source)) _encoded[size] = source = new EncodedBatches(AllReplicas, "t", Partitions, size, BatchBytes);
            new ProduceLoad(_broker.Port, source, connections: 1, RequestsUnderWay).Run(times);
        }

        /// <summary>Sends as many that were encoded before.</summary>
        public void Send(int size, int times)
        {
            if (!_prepared.TryGetValue(size, out var source)) _prepared[size] = source = PreparedRequests.OfAllPartitions(AllReplicas, "t", Partitions, BatchBytes / size, size);
            new ProduceLoad(_broker.Port, source, connections: 1, RequestsUnderWay).Run(times);
        }

        public void Dispose()
        {
            foreach (var source in _encoded.Values) source.Dispose();
            Producer.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _broker.Dispose();
            _folder.Dispose();
        }
    }
}
