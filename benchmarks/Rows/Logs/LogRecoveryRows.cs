using System.Globalization;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Opening a log after a crash, cold, beside reading the same bytes and computing their checksums.</summary>
internal static class LogRecoveryRows
{
    private const long MebiByte = 1024 * 1024;
    private const long Size = 256 * MebiByte;
    private const long FullSize = 10 * 1024 * MebiByte;

    public static IEnumerable<Row> All(bool isFull)
    {
        var size = isFull ? FullSize : Size;
        var name = isFull ? "10 GiB" : "256 MiB";
        using var log = new CrashedLog(size);
        yield return Of(log, $"recover {name} from its recovery point", knowsPoint: true, new Goal(Value: 1000));
        yield return Of(log, $"recover {name} whole", knowsPoint: false, new Goal(TimesPeer: 1.25));
    }

    private static Row Of(CrashedLog log, string name, bool knowsPoint, Goal goal) => new(
        name,
        Unit.MillisecondsPerOperation,
        new Subject(times =>
        {
            for (; times > 0; times--) log.Recover(knowsPoint);
        })
        {
            Prepare = log.Prepare,
        },
        new Subject(times =>
        {
            for (; times > 0; times--) log.ReadBare(knowsPoint);
        })
        {
            Prepare = log.Prepare,
        },
        goal)
    {
        Note = "cold, beside reading and checking the bytes",
        Found = () => string.Create(
            CultureInfo.InvariantCulture,
            $"; {log.Bytes / MebiByte} MiB, {log.BytesBehindPoint / MebiByte} of them behind the point, {log.BytesRead / MebiByte} read from disk"),
        Pace = Pace.Once,
    };
}
