using Moldau.Bench.Load;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Race;

/// <summary>Ours beside Apache Kafka under the same loads.</summary>
internal static class KafkaRows
{
    private const short Leader = 1;
    private const short InSync = -1;
    private const int BatchBytes = 64 << 10;
    private const int Small = 100;
    private const int Large = 1024;
    private const int PacedRate = 1000;

    private static readonly RaceGoal Memory = new(Metric.PeakMemory, Value: 250);
    private static readonly RaceGoal QuarterOfCpu = new(Metric.CpuPerMillion, 0.25);
    private static readonly RaceGoal SameCpu = new(Metric.CpuPerMillion, 1);

    public static IEnumerable<RaceRow> All() => SixPartitions().Concat(Partitioned()).Concat(Packed()).Concat(Latencies()).Concat(Tools());

    private static IEnumerable<RaceRow> SixPartitions()
    {
        foreach (var (size, name) in ((int, string)[])[(Small, "100 B"), (Large, "1 KiB")])
        {
            yield return Turns.Produce($"kafka: produce {name}, acks=1, page cache", ContenderKind.Kafka, () => Batches(Leader, 6, size), 6, isFlushed: false, goals: [new RaceGoal(Metric.RecordsPerSecond, 2), QuarterOfCpu, Memory]) with { IsQuick = size == Small };
            yield return Turns.Produce($"kafka: produce {name}, acks=all", ContenderKind.Kafka, () => Batches(InSync, 6, size), 6, isFlushed: true, goals: [new RaceGoal(Metric.RecordsPerSecond, 2), QuarterOfCpu, Memory]) with { Note = "ours flushed, Kafka not", IsQuick = size == Small };
            var records = size == Small ? 10_000_000 : 1_000_000;
            yield return Turns.Consume($"kafka: consume {name}, hot", ContenderKind.Kafka, () => Batches(Leader, 6, size), 6, records, new RaceGoal(Metric.RecordsPerSecond, 1.5), SameCpu, Memory) with { IsQuick = size == Small };
            yield return Turns.ConsumeCold($"kafka: consume {name}, cold", () => Batches(Leader, 6, size), 6, records, new RaceGoal(Metric.RecordsPerSecond, 1), Memory);
        }
    }

    private static IEnumerable<RaceRow> Partitioned()
    {
        foreach (var partitions in (int[])[1, 100, 1000])
        {
            yield return Turns.Produce($"kafka: produce 100 B, {partitions:N0} partitions", ContenderKind.Kafka, () => Batches(InSync, partitions, Small), partitions, isFlushed: true, goals: [new RaceGoal(Metric.RecordsPerSecond, 1), QuarterOfCpu, Memory]) with { Note = "ours flushed, Kafka not" };
            yield return Turns.Consume($"kafka: consume 100 B, {partitions:N0} partitions", ContenderKind.Kafka, () => Batches(Leader, partitions, Small), partitions, 5_000_000, new RaceGoal(Metric.RecordsPerSecond, 1), SameCpu, Memory);
        }

        yield return Turns.Produce("kafka: produce keyed, linger 0", ContenderKind.Kafka, static () => PreparedRequests.OfAllPartitions(InSync, Turns.Topic, 6, recordsEach: 10, Small, keyBytes: 16), 6, isFlushed: true, goals: [new RaceGoal(Metric.RecordsPerSecond, 1), QuarterOfCpu, Memory]) with { Note = "ten records to each of six partitions in a request; ours flushed", IsQuick = true };
        foreach (var (isFlushed, name, times) in ((bool, string, double)[])[(true, "ours flushed", 2), (false, "page cache", 4)])
        {
            yield return Turns.Produce($"kafka: one record to each of 1,000 partitions, {name}", ContenderKind.Kafka, static () => PreparedRequests.OfAllPartitions(InSync, Turns.Topic, 1000, recordsEach: 1, Small), 1000, isFlushed, goals: [new RaceGoal(Metric.RecordsPerSecond, times), QuarterOfCpu, Memory]);
        }
    }

    private static IEnumerable<RaceRow> Packed()
    {
        foreach (var codec in (CompressionType[])[CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd])
        {
            var name = codec.ToString().ToLowerInvariant();
            var batches = new Lazy<List<byte[]>>(() => SampleValues.Compressed(codec, Large, BatchBytes, count: 64));
            yield return Turns.Produce($"kafka: produce 1 KiB, {name}", ContenderKind.Kafka, () => PreparedRequests.OfBatches(InSync, Turns.Topic, 6, batches.Value), 6, isFlushed: true, goals: [new RaceGoal(Metric.RecordsPerSecond, 1), SameCpu, Memory]) with { Note = "batches made beforehand; ours flushed", IsQuick = codec == CompressionType.Lz4 };
            yield return Validated(name, batches);
        }
    }

    private static RaceRow Validated(string codec, Lazy<List<byte[]>> batches)
    {
        var ours = Turns.Produce($"limit: validate 1 KiB, {codec}", ContenderKind.Limit, () => PreparedRequests.OfBatches(InSync, Turns.Topic, 6, batches.Value), 6, isFlushed: true, goals: new RaceGoal(Metric.CpuPerMillion, 1.5));
        return ours with
        {
            Sample = (contender, turn) => contender.Kind == ContenderKind.Limit ? Unpack(batches.Value, turn) : ours.Sample(contender, turn),
            Note = "beside unpacking the same batches with the same codec, and nothing else",
        };
    }

    private static IEnumerable<RaceRow> Latencies()
    {
        yield return Paced("kafka: 1,000 records a second, page cache", isFlushed: false, new RaceGoal(Metric.P50, 0.6), new RaceGoal(Metric.P99, 0.6), new RaceGoal(Metric.CpuShare, 0.25), Memory);
        yield return Paced("kafka: 1,000 records a second, ours flushed", isFlushed: true, new RaceGoal(Metric.P50), new RaceGoal(Metric.P99, 1), new RaceGoal(Metric.CpuShare, 1.0 / 3), Memory);
    }

    private static IEnumerable<RaceRow> Tools()
    {
        foreach (var (size, name, records) in ((int, string, long)[])[(Small, "100 B", 5_000_000), (Large, "1 KiB", 1_000_000)])
        {
            foreach (var acks in (string[])["1", "all"])
            {
                yield return new RaceRow($"kafka: its producer-perf, {name}, acks={acks}", ContenderKind.Kafka, (contender, _) => Turns.OnNewTopic(contender, 6, isFlushed: acks == "all", () => KafkaTool.Produce(contender, records, size, acks)), new RaceGoal(Metric.RecordsPerSecond, 1), QuarterOfCpu, Memory)
                {
                    Note = "its own client takes most of the machine",
                };
            }
        }
    }

    private static RaceRow Paced(string name, bool isFlushed, params RaceGoal[] goals) =>
        new(name, ContenderKind.Kafka, static (contender, turn) => Turns.Counted(contender, () => new PacedLoad(contender.Port, PreparedRequests.OfOneRecord(InSync, Turns.Topic, 6, Small), PacedRate).Run(turn)), goals)
        {
            Prepare = contender => Topics.Create(contender, Turns.Topic, 6, isFlushed),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Turn = TimeSpan.FromSeconds(10),
            WarmUp = TimeSpan.FromSeconds(100),
            Note = "from the intended moment",
        };

    private static EncodedBatches Batches(short acks, int partitions, int size) => new(acks, Turns.Topic, partitions, size, BatchBytes);

    private static RaceSample Unpack(List<byte[]> batches, TimeSpan turn)
    {
        using var room = new PooledBuffer(2 * BatchBytes);
        var (records, started, clock) = (0L, Harness.ThreadClock.Nanoseconds(), System.Diagnostics.Stopwatch.StartNew());
        while (clock.Elapsed < turn / 4)
        {
            foreach (var bytes in batches)
            {
                var batch = RecordBatch.Read(bytes);
                room.Clear();
                Codecs.Decompress(batch.Attributes.Compression, bytes.AsSpan(BatchLayout.Records), room);
                records += batch.RecordCount;
            }
        }

        return new RaceSample { [Metric.CpuPerMillion] = (Harness.ThreadClock.Nanoseconds() - started) / 1e9 * 1e6 / records, [Metric.RecordsPerSecond] = records / clock.Elapsed.TotalSeconds };
    }
}
