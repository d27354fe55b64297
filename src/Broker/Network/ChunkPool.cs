using System.Numerics;

namespace Moldau.Broker.Network;

/// <summary>
/// Memory for frames and replies, in powers of two, pinned once so that the kernel can be given its address. It keeps a
/// bounded amount of what comes back, and counts what is out.
/// </summary>
internal sealed class ChunkPool
{
    private const int SmallestBits = 10;
    private const int LargestBits = 24;
    private const long MostKept = 32L * 1024 * 1024;

    private readonly Lock _sync = new();
    private readonly Stack<Chunk>[] _kept = new Stack<Chunk>[LargestBits + 1];
    private long _keptBytes;
    private long _rented;

    public ChunkPool()
    {
        for (var bits = SmallestBits; bits <= LargestBits; bits++) _kept[bits] = [];
    }

    /// <summary>Bytes that are out.</summary>
    public long Rented => Interlocked.Read(ref _rented);

    /// <summary>Called, on any thread, when something has come back and somebody may have waited for it.</summary>
    public Action? Returned { get; set; }

    /// <returns>A chunk of at least that many bytes; whoever rents it holds it once.</returns>
    public Chunk Rent(int bytes)
    {
        var bits = Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(1, bytes - 1)) + 1);
        if (bits > LargestBits)
        {
            Interlocked.Add(ref _rented, bytes);
            return new Chunk(this, GC.AllocateUninitializedArray<byte>(bytes));
        }

        Interlocked.Add(ref _rented, 1L << bits);
        lock (_sync)
        {
            if (_kept[bits].TryPop(out var kept))
            {
                _keptBytes -= 1L << bits;
                kept.Reuse();
                return kept;
            }
        }

        return new Chunk(this, GC.AllocateUninitializedArray<byte>(1 << bits, pinned: true));
    }

    /// <summary>A lane keeps a chunk for itself, or uses it again.</summary>
    internal void Counted(int bytes)
    {
        Interlocked.Add(ref _rented, bytes);
        if (bytes < 0) Returned?.Invoke();
    }

    internal void Return(Chunk chunk)
    {
        var size = chunk.Bytes.Length;
        Interlocked.Add(ref _rented, -size);
        if (size <= 1 << LargestBits)
        {
            lock (_sync)
            {
                if (_keptBytes + size <= MostKept)
                {
                    _kept[BitOperations.Log2((uint)size)].Push(chunk);
                    _keptBytes += size;
                }
            }
        }

        Returned?.Invoke();
    }
}
