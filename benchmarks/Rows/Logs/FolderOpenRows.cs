using System.Globalization;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows.Logs;

/// <summary>A start after an orderly stop with many partitions, to behind the first fetch from each.</summary>
internal static class FolderOpenRows
{
    private const int Partitions = 1_000;
    private const int FullPartitions = 10_000;

    // Two seconds for ten thousand.
    private const double MillisecondsEach = 0.2;

    public static IEnumerable<Row> All(bool isFull)
    {
        var count = isFull ? FullPartitions : Partitions;
        using var folder = new ClosedFolder(count);
        yield return Of(folder, count, isCold: false, new Goal(Value: count * MillisecondsEach));
        yield return Of(folder, count, isCold: true, Goal.None);
    }

    private static Row Of(ClosedFolder folder, int count, bool isCold, Goal goal) => new(
        string.Create(CultureInfo.InvariantCulture, $"reopen {count} partitions{(isCold ? ", cold" : "")}"),
        Unit.MillisecondsPerOperation,
        new Subject(times =>
        {
            for (; times > 0; times--) folder.Open();
        })
        {
            Prepare = () => folder.Prepare(isCold),
        },
        new Subject(times =>
        {
            for (; times > 0; times--) folder.ReadBare();
        })
        {
            Prepare = () => folder.Prepare(isCold),
        },
        goal)
    {
        Note = "closed in order, a fetch from each included, beside listing the folders and reading the same bytes",
        Pace = Pace.Once,
    };
}
