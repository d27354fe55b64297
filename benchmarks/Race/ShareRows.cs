using System.Globalization;
using Moldau.Bench.Load;
using Moldau.Client.Admin;

namespace Moldau.Bench.Race;

/// <summary>Share groups: records acquired and accepted, and what many that are out cost.</summary>
internal static class ShareRows
{
    private const int RecordBytes = 100;
    private const int BatchBytes = 16 << 10;
    private const long Records = 10_000_000;
    // Fewer than there are: with nothing left to get, the fetch that brings the last acknowledgements is answered only when its wait is over.
    private const long ToAccept = Records / 10 * 9;
    private const int ManyPartitions = 100;
    private const int ManyMembers = 100;
    private const int OutEach = 10_000;
    private const short Leader = 1;

    private static int s_groups;

    public static IEnumerable<RaceRow> All()
    {
        foreach (var partitions in (int[])[1, 10])
        {
            foreach (var members in (int[])[1, 10, 100]) yield return Accepted(partitions, members);
        }

        yield return Out();
    }

    private static RaceRow Accepted(int partitions, int members) =>
        new($"share: {members} consumers on {partitions} partitions", ContenderKind.Kafka, (contender, turn) => Accept(contender, turn, partitions, members), new RaceGoal(Metric.RecordsPerSecond, 1.5), new RaceGoal(Metric.CpuPerMillion, 1))
        {
            Prepare = contender => Turns.Fill(contender, Written(partitions), partitions, Records),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Note = "ours flushed, Kafka not",
            IsQuick = partitions == 10 && members == 10,
        };

    private static RaceRow Out() =>
        new("share: 1,000,000 records out", ContenderKind.Kafka, (contender, _) => Hold(contender), new RaceGoal(Metric.MemoryTaken, 1))
        {
            Prepare = static contender => Turns.Fill(contender, Written(ManyPartitions), ManyPartitions, 2L * ManyPartitions * OutEach),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
            Turns = 3,
            Note = "every second one accepted, so that none lies beside its like",
        };

    private static EncodedBatches Written(int partitions) => new(Leader, Turns.Topic, partitions, RecordBytes, BatchBytes);

    /// <summary>A new group reads from the beginning.</summary>
    private static RaceSample Accept(Contender contender, TimeSpan turn, int partitions, int members)
    {
        using var load = new ShareLoad(contender.Port, NewGroup(contender), Turns.Topic, partitions, members);
        return Turns.Counted(contender, () => load.Run(turn, ToAccept));
    }

    private static RaceSample Hold(Contender contender)
    {
        using var load = new ShareLoad(contender.Port, NewGroup(contender, ("share.partition.max.record.locks", OutEach), ("share.record.lock.duration.ms", 3_600_000)), Turns.Topic, ManyPartitions, ManyMembers);
        var before = contender.ResidentMiB;
        load.Hold((long)ManyPartitions * OutEach);
        load.AcceptEverySecond();
        return new RaceSample { [Metric.RecordsPerSecond] = 1, [Metric.MemoryTaken] = contender.ResidentMiB - before };
    }

    private static string NewGroup(Contender contender, params (string Name, int Value)[] settings)
    {
        var group = string.Create(CultureInfo.InvariantCulture, $"share-{s_groups++}");
        ConfigChange[] changes = [new("share.auto.offset.reset", ConfigOperation.Set, "earliest"), .. settings.Select(static one => new ConfigChange(one.Name, ConfigOperation.Set, one.Value.ToString(CultureInfo.InvariantCulture)))];
        Topics.Run(contender, client => client.Configs.AlterAsync(new ConfigResource(ConfigResourceType.Group, group), changes));
        return group;
    }
}
