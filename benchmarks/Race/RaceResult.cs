using System.Globalization;

namespace Moldau.Bench.Race;

/// <summary>A row's turns, of both sides; what is told of them are medians, and medians of each round's own ratio.</summary>
internal sealed class RaceResult(RaceRow row, IReadOnlyList<RaceSample> ours, IReadOnlyList<RaceSample>? peer)
{
    public IEnumerable<RaceLine> Lines()
    {
        foreach (var goal in row.Goals)
        {
            var values = Values(ours, goal.Metric);
            var beside = peer is null ? [] : Values(peer, goal.Metric);
            double[] ratios = beside.Length == 0 ? [double.NaN] : [.. values.Zip(beside, static (one, other) => one / other)];
            var ratio = Median(ratios);
            var note = row.LeastRounds == 0 ? row.Note : string.Create(CultureInfo.InvariantCulture, $"{row.Note}; {ratios.Length} pairs, ratios {ratios.Min():0.00} to {ratios.Max():0.00}");
            yield return new RaceLine(
                row.Name, goal.Metric.ToString(), Median(values), values.Min(), values.Max(), beside.Length == 0 ? double.NaN : Median(beside), ratio,
                goal.Describe(), goal.IsMet(Median(values), ratio), row.Peer?.ToString() ?? "", note);
        }
    }

    private static double[] Values(IReadOnlyList<RaceSample> samples, Metric metric) => [.. samples.Select(sample => sample[metric])];

    private static double Median(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
