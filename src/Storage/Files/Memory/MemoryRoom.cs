namespace Moldau.Storage.Files.Memory;

/// <summary>How much fits on a disk in memory, and how much of it is taken.</summary>
internal sealed class MemoryRoom
{
    private long _used;

    public long Capacity { get; set; } = long.MaxValue;

    public long Free => Math.Max(0, Capacity - Volatile.Read(ref _used));

    /// <summary>Takes as much of the room wanted as there is.</summary>
    public long Take(long wanted)
    {
        while (true)
        {
            var used = Volatile.Read(ref _used);
            var taken = Math.Min(wanted, Math.Max(0, Capacity - used));
            if (taken <= 0) return 0;
            if (Interlocked.CompareExchange(ref _used, used + taken, used) == used) return taken;
        }
    }

    /// <summary>Takes room that is taken in any case: what a crash left is there, whether it fits or not.</summary>
    public void Occupy(long bytes) => Interlocked.Add(ref _used, bytes);

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
