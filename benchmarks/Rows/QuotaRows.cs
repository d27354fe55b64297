using System.Globalization;
using Moldau.Bench.Harness;
using Moldau.Bench.Load;

namespace Moldau.Bench.Rows;

/// <summary>Whether a limit of 1 MB/s is one, in real time, with real clients.</summary>
internal static class QuotaRows
{
    private const double MostPercent = 5;

    public static IEnumerable<Row> All()
    {
        QuotaLoadResult? last = null;
        yield return new Row("quota 1 MB/s", Unit.PercentOff, new Subject(_ => last = QuotaLoad.Run()) { Reported = () => last!.WorstPercent }, null, new Goal(Value: MostPercent))
        {
            Note = "a producer and a consumer over 30 s, and from 2 s after a change to 2 MB/s on",
            Found = () => last is null ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"; written {last.Written:F3} and read {last.Read:F3} MB/s, then {last.WrittenAfter:F3} and {last.ReadAfter:F3}; an unlimited producer beside them {last.FreeBeside:P0} of what it writes alone"),
            Pace = Pace.Once,
        };
    }
}
