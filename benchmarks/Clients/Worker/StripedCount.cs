namespace Moldau.Bench.Clients.Worker;

/// <summary>Counts on many threads without their waiting for each other; two that share a stripe may lose one of each other's.</summary>
internal sealed class StripedCount
{
    private const int Stripes = 64;
    private const int Apart = 16;

    private readonly long[] _counts = new long[Stripes * Apart];

    public void Add() => _counts[(Environment.CurrentManagedThreadId & (Stripes - 1)) * Apart]++;

    public long Sum()
    {
        var sum = 0L;
        for (var i = 0; i < Stripes; i++) sum += Volatile.Read(ref _counts[i * Apart]);
        return sum;
    }
}
