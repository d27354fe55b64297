using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>What a broker takes while nothing happens, and whether it grows while much does.</summary>
internal static class IdleRows
{
    private const int Many = 1000;
    private const short InSync = -1;

    public static IEnumerable<RaceRow> All()
    {
        yield return new RaceRow("idle: 1,000 connections and 1,000 partitions", ContenderKind.Kafka, static (contender, turn) => Idle(contender, turn), new RaceGoal(Metric.CpuShare, Value: 0.01), new RaceGoal(Metric.PeakMemory, Value: 250))
        {
            Prepare = static contender => Topics.Create(contender, Turns.Topic, Many, isFlushed: true),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Turn = TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>Records written and read for ten minutes; the memory of the last minute to that of the second.</summary>
    public static IEnumerable<RaceRow> Soak(TimeSpan duration)
    {
        yield return new RaceRow("memory: written and read without end", null, (contender, _) => Soak(contender, duration), new RaceGoal(Metric.Growth, Value: 1.1), new RaceGoal(Metric.PeakMemory, Value: 250))
        {
            Prepare = static contender => Topics.Create(contender, Turns.Topic, 6, isFlushed: true),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Turns = 1,
            Note = $"{duration.TotalMinutes:0} minutes",
        };
    }

    private static RaceSample Idle(Contender contender, TimeSpan turn)
    {
        var connections = new List<LoadConnection>();
        try
        {
            for (var i = 0; i < Many; i++) connections.Add(new LoadConnection(contender.Port, replyBytes: 16));
            Thread.Sleep(1000);
            var before = contender.CpuSeconds;
            Thread.Sleep(turn);
            return new RaceSample { [Metric.RecordsPerSecond] = 1, [Metric.CpuShare] = (contender.CpuSeconds - before) / turn.TotalSeconds };
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    private static RaceSample Soak(Contender contender, TimeSpan duration)
    {
        using var source = new EncodedBatches(InSync, Turns.Topic, 6, recordBytes: 100, 64 << 10);
        var writes = Task.Run(() => new ProduceLoad(contender.Port, source, connections: 1, inFlight: 5).Run(duration));
        using var reader = new FetchLoad(contender.Port, Turns.Topic, 6, isFollowing: true);
        var reads = Task.Run(() => reader.Run(duration));
        var early = 0.0;
        for (var step = 1; !writes.Wait(duration / 10); step++)
        {
            if (step is 1 or 2) early = Math.Max(early, contender.ResidentMiB);
        }

        _ = reads.Result;
        return new RaceSample { [Metric.RecordsPerSecond] = writes.Result.RecordsPerSecond, [Metric.Growth] = contender.ResidentMiB / early };
    }
}
