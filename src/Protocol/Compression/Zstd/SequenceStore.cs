using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>What a match finder makes of a block: its sequences, and its literals in one piece.</summary>
internal sealed unsafe class SequenceStore
{
    /// <summary>The shortest match the format knows.</summary>
    public const int MinMatch = 3;

    private readonly PinnedTable<byte> _literals = new(ZstdFormat.MaxBlockSize + ZstdFormat.CopySlack);
    private readonly PinnedTable<Sequence> _sequences = new(ZstdFormat.MaxBlockSize / MinMatch + 1);
    private byte* _literalsEnd;
    private Sequence* _sequencesEnd;
    private byte* _sourceEnd;

    public byte* Literals => _literals.Pointer;

    public int LiteralCount => (int)(_literalsEnd - _literals.Pointer);

    public Sequence* Sequences => _sequences.Pointer;

    public int SequenceCount => (int)(_sequencesEnd - _sequences.Pointer);

    /// <param name="sourceEnd">The end of the readable source; literals well in front of it are copied in whole vectors.</param>
    public void Reset(byte* sourceEnd)
    {
        _literalsEnd = _literals.Pointer;
        _sequencesEnd = _sequences.Pointer;
        _sourceEnd = sourceEnd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte* literals, nint literalLength, uint offsetValue, nint matchLength)
    {
        CopyLiterals(literals, literalLength);
        _sequencesEnd->LiteralLength = (uint)literalLength;
        _sequencesEnd->MatchLength = (uint)matchLength;
        _sequencesEnd->OffsetValue = offsetValue;
        _sequencesEnd++;
    }

    /// <summary>The literals behind the last match.</summary>
    public void AddTail(byte* literals, nint count) => CopyLiterals(literals, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyLiterals(byte* literals, nint count)
    {
        var target = _literalsEnd;
        _literalsEnd = target + count;
        if (_sourceEnd - literals < count + 32)
        {
            Buffer.MemoryCopy(literals, target, count, count);
            return;
        }
        Vector128.Store(Vector128.Load(literals), target);
        if (count > 16) MatchCopy.Forward(target + 16, literals + 16, count - 16);
    }
}
