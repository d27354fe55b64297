namespace Moldau.Bench.Load;

/// <summary>In megabytes a second; what the limit is changed to is twice what it was.</summary>
internal sealed record QuotaLoadResult(double Written, double Read, double WrittenAfter, double ReadAfter, double FreeBeside)
{
    public double WorstPercent => 100 * new[] { Math.Abs(Written - 1), Math.Abs(Read - 1), Math.Abs((WrittenAfter / 2) - 1), Math.Abs((ReadAfter / 2) - 1) }.Max();
}
