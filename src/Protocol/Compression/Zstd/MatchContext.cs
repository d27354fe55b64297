using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// What a match finder works with: the source, its tables, and the offsets used last.
/// Tables hold indices that keep growing from source to source, so that what an earlier source left behind is below
/// <see cref="SourceIndex"/> and need not be cleared away.
/// </summary>
internal sealed unsafe class MatchContext
{
    /// <summary>Tables up to this size are kept for the next source; larger ones are given back.</summary>
    private const long MaxKeptSize = 16 << 20;

    // Positions in front of this have no room for the three offsets a frame starts out with.
    private const int FirstSearched = 8;

    private readonly NativeTable _hashes = new();
    private readonly NativeTable _chains = new();
    private readonly NativeTable _rows = new();
    private uint _nextIndex = 1;

    public SequenceStore Store { get; } = new();

    public CompressionParameters Parameters { get; private set; }

    public uint* HashTable { get; private set; }

    /// <summary>The second hash table, or the tree.</summary>
    public uint* ChainTable { get; private set; }

    public RowTable Rows { get; } = new();

    public BinaryTree Tree { get; } = new();

    public byte* SourceStart { get; private set; }

    public byte* SourceEnd { get; private set; }

    public uint SourceIndex { get; private set; }

    /// <summary>Where index 0 would be: a position is this plus its index.</summary>
    public byte* IndexOrigin { get; private set; }

    /// <summary>The first index that is not in the tables yet, for those finders that enter every position.</summary>
    public uint NextToEnter;

    public RepeatOffsets Repeats;

    public void Start(byte* source, int length, in CompressionParameters parameters)
    {
        Parameters = parameters;
        // Twice the largest block is what ForgetEntries may add.
        if (_nextIndex > uint.MaxValue - (uint)length - 2 * ZstdFormat.MaxBlockSize) ForgetIndices();
        SourceStart = source;
        SourceEnd = source + length;
        SourceIndex = _nextIndex;
        NextToEnter = _nextIndex;
        IndexOrigin = source - _nextIndex;
        _nextIndex += (uint)length;
        Repeats = RepeatOffsets.Initial;

        HashTable = (uint*)_hashes.Ensure((nuint)sizeof(uint) << parameters.HashLog);
        if (parameters.Strategy is MatchStrategy.DoubleFast)
        {
            ChainTable = (uint*)_chains.Ensure((nuint)sizeof(uint) << parameters.ChainLog);
        }
        else if (parameters.Strategy >= MatchStrategy.Optimal)
        {
            ChainTable = (uint*)_chains.Ensure((nuint)(2 * sizeof(uint)) << parameters.ChainLog);
            Tree.Attach(HashTable, ChainTable, parameters);
        }
        else if (parameters.Strategy != MatchStrategy.Fast)
        {
            Rows.Attach(HashTable, _rows, parameters);
        }
    }

    public void Finish()
    {
        SourceStart = SourceEnd = IndexOrigin = null;
        if ((long)_hashes.Size + (long)_chains.Size + (long)_rows.Size <= MaxKeptSize) return;
        _hashes.Free();
        _chains.Free();
        _rows.Free();
    }

    /// <summary>Where the search may begin in a block: not at the very start of the source.</summary>
    public byte* SearchStart(byte* blockStart) =>
        blockStart - SourceStart < FirstSearched ? SourceStart + FirstSearched : blockStart;

    /// <summary>The first index that positions up to <paramref name="blockEnd"/> may all reach back to.</summary>
    public uint LowestIndex(byte* blockEnd) => LowestIndexFor((uint)(blockEnd - IndexOrigin));

    /// <summary>The first index that the position at <paramref name="index"/> may reach back to.</summary>
    public uint LowestIndexFor(uint index)
    {
        var window = 1u << Parameters.WindowLog;
        return index - SourceIndex > window ? index - window : SourceIndex;
    }

    /// <summary>Puts what was entered of the source out of reach, as if the source were a new one.</summary>
    public void ForgetEntries(int entered)
    {
        SourceIndex += (uint)entered;
        NextToEnter = SourceIndex;
        IndexOrigin -= entered;
        _nextIndex += (uint)entered;
    }

    private void ForgetIndices()
    {
        _hashes.Clear();
        _chains.Clear();
        _rows.Clear();
        Tree.Clear();
        _nextIndex = 1;
    }
}
