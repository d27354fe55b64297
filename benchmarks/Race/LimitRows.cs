using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Ours beside what this machine can do at all.</summary>
internal static class LimitRows
{
    private const short Leader = 1;
    private const short InSync = -1;
    private const int BatchBytes = 64 << 10;
    private const int Partitions = 6;
    private const int RecordBytes = 100;
    private const int PacedRate = 1000;

    public static IEnumerable<RaceRow> All()
    {
        foreach (var (size, name, records) in ((int, string, long)[])[(RecordBytes, "100 B", 10_000_000), (1024, "1 KiB", 1_000_000)])
        {
            yield return Turns.Produce($"limit: produce {name}", ContenderKind.Limit, () => Batches(size), Partitions, isFlushed: false, goals: new RaceGoal(Metric.RecordsPerSecond, 0.6)) with { Note = "64 KiB batches, 6 partitions, page cache", IsQuick = size == RecordBytes };
            yield return Turns.Consume($"limit: fetch {name}", ContenderKind.Limit, () => Batches(size), Partitions, records, new RaceGoal(Metric.RecordsPerSecond, 0.7)) with { Note = "decoded and checked by the client" };
        }

        foreach (var connections in (int[])[8, 64])
        {
            yield return Turns.Produce($"limit: one-record produces, {connections} connections", ContenderKind.Limit, Singles, Partitions, isFlushed: false, connections, inFlight: 1, goals: new RaceGoal(Metric.RecordsPerSecond, 0.7));
        }

        yield return Latency("limit: one-record round trip", isFlushed: false, static (contender, turn) => Of(BareLatencies.PingPong(contender.EchoPort, turn)), new RaceGoal(Metric.P50, 1.5), new RaceGoal(Metric.P99, 2.5)) with { Note = "beside a bare ping-pong", IsQuick = true };
        yield return Latency("limit: one record to disk", isFlushed: true, static (contender, turn) => Together(contender, turn, 0), new RaceGoal(Metric.P50, 1.5)) with { Note = "beside fsync and round trip, added", IsQuick = true };
        yield return new RaceRow(
            "limit: 1,000 records a second to disk",
            ContenderKind.Limit,
            static (contender, turn) => contender.Kind == ContenderKind.Limit ? Together(contender, turn, PacedRate) : Turns.Counted(contender, () => new PacedLoad(contender.Port, Singles(), PacedRate).Run(turn)),
            new RaceGoal(Metric.P50, 1.5))
        {
            Prepare = static contender => Topics.Create(contender, Turns.Topic, Partitions, isFlushed: true),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Note = "from the intended moment, beside fsync and round trip at that pace, added",
        };
    }

    private static EncodedBatches Batches(int size) => new(Leader, Turns.Topic, Partitions, size, BatchBytes);

    private static PreparedRequests Singles() => PreparedRequests.OfOneRecord(InSync, Turns.Topic, Partitions, RecordBytes);

    private static RaceRow Latency(string name, bool isFlushed, Func<Contender, TimeSpan, RaceSample> bare, params RaceGoal[] goals)
    {
        var ours = Turns.Produce(name, ContenderKind.Limit, Singles, Partitions, isFlushed, inFlight: 1, isTimed: true, goals: goals);
        return ours with { Sample = (contender, turn) => contender.Kind == ContenderKind.Limit ? bare(contender, turn) : ours.Sample(contender, turn) };
    }

    public static RaceSample Together(Contender contender, TimeSpan turn, int perSecond)
    {
        var flush = BareLatencies.WriteAndFlush(contender.DataFolder, turn / 2, perSecond);
        var trip = BareLatencies.PingPong(contender.EchoPort, turn / 2, perSecond);
        return new RaceSample { [Metric.P50] = flush.Quantile(0.5) + trip.Quantile(0.5), [Metric.P99] = flush.Quantile(0.99) + trip.Quantile(0.99) };
    }

    private static RaceSample Of(LoadResult result) => new() { [Metric.P50] = result.Quantile(0.5), [Metric.P99] = result.Quantile(0.99) };
}
