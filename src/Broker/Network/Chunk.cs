namespace Moldau.Broker.Network;

/// <summary>Bytes with counted holders: what was received, as long as somebody looks at it.</summary>
internal sealed class Chunk(ChunkPool pool, byte[] bytes)
{
    private int _holders = 1;

    public byte[] Bytes { get; } = bytes;

    public bool IsHeldOnce => Volatile.Read(ref _holders) == 1;

    public void Hold() => Interlocked.Increment(ref _holders);

    public void LetGo()
    {
        var left = Interlocked.Decrement(ref _holders);
        if (left == 0) pool.Return(this);
        else if (left < 0) throw new InvalidOperationException("let go once too often");
    }

    internal void Reuse() => _holders = 1;
}
