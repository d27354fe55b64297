using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Turns as rows are made of them: a topic, a load on it, and what is looked at.</summary>
internal static class Turns
{
    public const string Topic = "race";

    /// <summary>Runs a load and counts what the broker's processors spent meanwhile.</summary>
    public static RaceSample Counted(Contender contender, Func<LoadResult> load)
    {
        var before = contender.CpuSeconds;
        var result = load();
        var spent = contender.CpuSeconds - before;
        return new RaceSample
        {
            [Metric.RecordsPerSecond] = result.RecordsPerSecond,
            [Metric.CpuPerMillion] = spent * 1e6 / result.Records,
            [Metric.CpuShare] = spent / result.Seconds,
            [Metric.P50] = result.Quantile(0.5),
            [Metric.P99] = result.Quantile(0.99),
        };
    }

    /// <summary>
    /// A row that writes. Each turn has a new topic, whose segments are longer than a turn: what a broker only keeps in memory
    /// is gone before anybody writes it to the disk, and nobody pays for another's rest.
    /// </summary>
    public static RaceRow Produce(string name, ContenderKind peer, Func<RequestSource> source, int partitions, bool isFlushed, int connections = 1, int inFlight = 5, bool isTimed = false, params RaceGoal[] goals) =>
        new(name, peer, Sampling(source, partitions, isFlushed, connections, inFlight, isTimed), goals);

    /// <summary>A row that reads what was written before, over and over, from the system's cache.</summary>
    public static RaceRow Consume(string name, ContenderKind peer, Func<RequestSource> source, int partitions, long records, params RaceGoal[] goals) =>
        new(name, peer, (contender, turn) => Counted(contender, () => Read(contender, partitions, load => load.Run(turn))), goals)
        {
            Prepare = contender => Fill(contender, source(), partitions, records),
            CleanUp = static contender => Topics.Delete(contender, Topic),
        };

    /// <summary>A row that reads everything once, from the disk.</summary>
    public static RaceRow ConsumeCold(string name, Func<RequestSource> source, int partitions, long records, params RaceGoal[] goals) =>
        new(name, ContenderKind.Kafka, (contender, _) => Cold(contender, partitions, records), goals)
        {
            Prepare = contender => Fill(contender, source(), partitions, records),
            CleanUp = static contender => Topics.Delete(contender, Topic),
        };

    public static void Fill(Contender contender, RequestSource source, int partitions, long records)
    {
        Topics.Create(contender, Topic, partitions, isFlushed: false, Topics.Kept);
        _ = new ProduceLoad(contender.Port, source, connections: 1, inFlight: 5).Run(records);
        (source as IDisposable)?.Dispose();
    }

    /// <summary>What is looked at while a topic is there that nobody wrote to before.</summary>
    public static RaceSample OnNewTopic(Contender contender, int partitions, bool isFlushed, Func<RaceSample> look)
    {
        Topics.Create(contender, Topic, partitions, isFlushed, Topics.Kept);
        var sample = look();
        Topics.Delete(contender, Topic);
        Topics.WaitUntilGone(contender, Topic);
        return sample;
    }

    private static Func<Contender, TimeSpan, RaceSample> Sampling(Func<RequestSource> source, int partitions, bool isFlushed, int connections, int inFlight, bool isTimed)
    {
        RequestSource? made = null;
        return (contender, turn) =>
        {
            made ??= source();
            return OnNewTopic(contender, partitions, isFlushed, () => Counted(contender, () => new ProduceLoad(contender.Port, made, connections, inFlight, isTimed).Run(turn)));
        };
    }

    private static RaceSample Cold(Contender contender, int partitions, long records)
    {
        ColdFiles.Forget(contender.DataFolder);
        return Counted(contender, () => Read(contender, partitions, load => load.RunOnce(records)));
    }

    private static LoadResult Read(Contender contender, int partitions, Func<FetchLoad, LoadResult> read)
    {
        using var load = new FetchLoad(contender.Port, Topic, partitions);
        return read(load);
    }
}
