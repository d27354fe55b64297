namespace Moldau.Bench.Race;

/// <summary>What one turn of a contender showed; NaN where it was not looked at.</summary>
internal sealed class RaceSample
{
    private readonly double[] _values = new double[Enum.GetValues<Metric>().Length];

    public RaceSample() => Array.Fill(_values, double.NaN);

    public double this[Metric metric]
    {
        get => _values[(int)metric];
        set => _values[(int)metric] = value;
    }
}
