using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>What it costs to ask who somebody is and what he may: ours with both, beside ours with neither.</summary>
internal static class GuardedRows
{
    private const short Leader = 1;
    private const int Pairs = 11;
    private const int BatchBytes = 16 << 10;
    private const string Note = "authentication and 10,000 rules, beside neither";

    private static readonly RaceGoal[] Goals = [new(Metric.CpuPerMillion, 1.10), new(Metric.RecordsPerSecond)];

    public static IEnumerable<RaceRow> All()
    {
        foreach (var (size, name, records) in ((int, string, long)[])[(100, "100 B", 10_000_000), (1024, "1 KiB", 1_000_000)])
        {
            yield return Guarded(Turns.Produce($"guarded: produce {name}, acks=1, page cache", ContenderKind.Moldau, () => Batches(size), 6, isFlushed: false, goals: Goals)) with { IsQuick = size == 100 };
            yield return Guarded(Turns.Consume($"guarded: consume {name}, hot", ContenderKind.Moldau, () => Batches(size), 6, records, Goals));
        }
    }

    private static RaceRow Guarded(RaceRow row) => row with { Ours = ContenderKind.Guarded, LeastRounds = Pairs, Note = Note };

    private static EncodedBatches Batches(int size) => new(Leader, Turns.Topic, 6, size, BatchBytes);
}
