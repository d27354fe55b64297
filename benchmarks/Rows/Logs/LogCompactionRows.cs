using System.Globalization;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows.Logs;

/// <summary>
/// One pass over a log that never was compacted, beside a copy of its bytes: both read from the page cache, write, and bring
/// what they wrote to disk. A pass reads everything twice, and computes and compares as much.
/// </summary>
internal static class LogCompactionRows
{
    private const double MebiByte = 1024 * 1024;

    public static IEnumerable<Row> All() =>
        Of("compact 1 KiB values, half of them dropped", 1024, isHalfDropped: true)
            .Concat(Of("compact 100 B values, half of them dropped", 100, isHalfDropped: true))
            .Concat(Of("compact 100 B values, none dropped", 100, isHalfDropped: false));

    private static IEnumerable<Row> Of(string name, int valueSize, bool isHalfDropped)
    {
        using var log = new CompactableLog(valueSize, isHalfDropped);
        yield return new Row(
            name,
            Unit.MegabytesPerSecond,
            new Subject(
                times =>
                {
                    for (; times > 0; times--) log.Compact();
                },
                CompactableLog.Size)
            {
                Prepare = log.Prepare,
            },
            new Subject(
                times =>
                {
                    for (; times > 0; times--) log.CopyBare();
                },
                CompactableLog.Size)
            {
                Prepare = log.Prepare,
            },
            new Goal(TimesPeer: 0.5))
        {
            Note = "beside a copy of the same bytes, flushed",
            Found = () => string.Create(CultureInfo.InvariantCulture, $"; {log.BytesLeft / MebiByte:F0} of {log.Bytes / MebiByte:F0} MiB left"),
            Pace = Pace.Once,
        };
    }
}
