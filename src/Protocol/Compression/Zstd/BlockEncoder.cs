namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Turns the sequences of a block into its compressed form (RFC 8878 section 3.1.1.3).</summary>
internal sealed unsafe class BlockEncoder
{
    /// <summary>Literals as they are, then sequences up to the block's size, each section with its header and slack.</summary>
    private readonly PinnedTable<byte> _output = new(2 * ZstdFormat.MaxBlockSize + 1024);
    private readonly LiteralsEncoder _literals = new();
    private readonly SequencesEncoder _sequences = new();

    public void StartFrame()
    {
        _literals.StartFrame();
        _sequences.StartFrame();
    }

    /// <summary>
    /// The content of a compressed block, or nothing when it would be no smaller than <paramref name="maxSize"/>; what
    /// later blocks may repeat is as before then. The memory is used again for the next block.
    /// </summary>
    public ReadOnlySpan<byte> Encode(SequenceStore store, int maxSize, bool compressLiterals)
    {
        var start = _output.Pointer;
        var position = _literals.Write(store.Literals, store.LiteralCount, start, compressLiterals);
        if (position - start >= maxSize) return default;
        position = _sequences.Write(store.Sequences, store.SequenceCount, position, start + maxSize);
        if (position == null || position - start >= maxSize) return default;
        _literals.Commit();
        if (store.SequenceCount > 0) _sequences.Commit();
        return new ReadOnlySpan<byte>(start, (int)(position - start));
    }
}
