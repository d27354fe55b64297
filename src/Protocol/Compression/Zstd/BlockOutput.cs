namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// Where a block's content goes and how far it may reach. The buffer behind <see cref="Position"/> does not move while
/// a block is decoded; room for the block was made before.
/// </summary>
internal unsafe struct BlockOutput
{
    /// <summary>The first byte this frame produced: what a match may reach back to.</summary>
    public byte* FrameStart;

    public byte* Position;

    /// <summary>Where the block's content has to end at the latest: by the block size limit or by the buffer's.</summary>
    public byte* Limit;

    /// <summary>The end of writable memory, at or behind <see cref="Limit"/>.</summary>
    public byte* WritableEnd;

    /// <summary>True when it is the buffer's limit that ends the block early, so that passing it is no fault of the data.</summary>
    public bool LimitedByBuffer;

    /// <summary>The buffer's limit, to name when it is passed.</summary>
    public int BufferLimit;

    /// <summary>The furthest a match may reach back in any case.</summary>
    public long WindowSize;
}
