using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Transactions of one record to each of some partitions, ours on disk when they are answered.</summary>
internal static class TransactionRows
{
    public static IEnumerable<RaceRow> All()
    {
        foreach (var (producers, times) in ((int, double)[])[(1, 4), (16, 2)])
        {
            foreach (var partitions in (int[])[1, 10])
            {
                var name = $"transactions: {producers} {(producers == 1 ? "producer" : "producers")}, {partitions} {(partitions == 1 ? "partition" : "partitions")}";
                yield return new RaceRow(name, ContenderKind.Kafka, (contender, turn) => GroupRows.Counted(contender, () => new TransactionLoad(contender.Port, Turns.Topic, partitions, producers).Run(turn)), new RaceGoal(Metric.OperationsPerSecond, times), new RaceGoal(Metric.CpuPerMillion))
                {
                    Prepare = contender => Topics.Create(contender, Turns.Topic, partitions, isFlushed: true, Topics.Kept),
                    CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
                    WarmUp = TimeSpan.FromSeconds(10),
                    Note = "ours flushed, Kafka not",
                    IsQuick = producers * partitions == 1,
                };
            }
        }
    }
}
