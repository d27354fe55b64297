using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Committed offsets: one committer who waits for the disk, and many.</summary>
internal static class CommitRows
{
    private const int Committers = 64;
    private const int Partitions = 6;

    public static IEnumerable<RaceRow> All()
    {
        yield return Row("limit: one commit to disk", ContenderKind.Limit, committers: 1, hasOneGroup: true, new RaceGoal(Metric.P50, 1.5)) with { Note = "beside fsync and round trip, added" };
        foreach (var (hasOneGroup, name) in ((bool, string)[])[(false, "a group each"), (true, "one group")])
        {
            yield return Row($"groups: {Committers} committers, {name}", ContenderKind.Kafka, Committers, hasOneGroup, new RaceGoal(Metric.OperationsPerSecond, 1.5), new RaceGoal(Metric.CpuPerMillion, 0.5)) with { Note = "ours flushed, Kafka not", IsQuick = hasOneGroup };
        }
    }

    private static RaceRow Row(string name, ContenderKind peer, int committers, bool hasOneGroup, params RaceGoal[] goals) =>
        new(name, peer, (contender, turn) => contender.Kind == ContenderKind.Limit
            ? LimitRows.Together(contender, turn, 0)
            : GroupRows.Counted(contender, () => new CommitLoad(contender.Port, Turns.Topic, Partitions, committers, hasOneGroup).Run(turn)), goals)
        {
            Prepare = static contender => Topics.Create(contender, Turns.Topic, Partitions, isFlushed: true),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
        };
}
