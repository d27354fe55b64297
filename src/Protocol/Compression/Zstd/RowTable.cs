using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// A hash table with a row of 16, 32 or 64 candidates per hash. Each candidate has a one-byte tag, and the tags of a row are
/// compared all at once, so that most candidates that would not match are never touched.
/// </summary>
internal sealed unsafe class RowTable
{
    private const int TagBits = 8;

    // When a long match leaves many positions behind, those at its ends are the ones later matches begin in.
    private const uint MaxGap = 384;
    private const uint EnteredFirst = 96;
    private const uint EnteredLast = 32;

    private uint* _indices;
    private byte* _tags;
    private byte* _heads;
    private int _rowLog;
    private int _wordShift;
    private int _hashShift;
    private int _attempts;

    public void Attach(uint* indices, NativeTable memory, in CompressionParameters parameters)
    {
        _rowLog = Math.Clamp(parameters.SearchLog, 4, 6);
        _attempts = 1 << parameters.SearchLog;
        _indices = indices;
        var slots = (nuint)1 << parameters.HashLog;
        _tags = (byte*)memory.Ensure(slots + (slots >> _rowLog));
        _heads = _tags + slots;
        _wordShift = MatchBytes.WordShift(parameters.MinMatch);
        _hashShift = 64 - (parameters.HashLog - _rowLog + TagBits);
    }

    /// <summary>Enters all positions up to and including this one, and returns the length of the longest match found, or 0.</summary>
    public nint Find(MatchContext context, byte* position, byte* end, out uint offset)
    {
        var origin = context.IndexOrigin;
        var index = (uint)(position - origin);
        EnterGap(context, index);
        var low = context.LowestIndexFor(index);
        var rowMask = (1 << _rowLog) - 1;
        var hash = MatchBytes.Hash(MatchBytes.Read64(position), _wordShift, _hashShift);
        var row = hash >> TagBits;
        var head = _heads[row];
        var indices = _indices + (row << _rowLog);
        var hits = Hits(_tags + (row << _rowLog), (byte)hash, head);

        offset = 0;
        nint best = SequenceStore.MinMatch;
        for (var left = _attempts; hits != 0 && left > 0; left--)
        {
            // The newest first, which is from the head on and around the row.
            var candidate = indices[(head + BitOperations.TrailingZeroCount(hits)) & rowMask];
            hits &= hits - 1;
            if (candidate < low) break;
            var match = origin + candidate;
            // To be longer, a match has to agree in the byte behind the best so far.
            if (MatchBytes.Read32(match + best - 3) != MatchBytes.Read32(position + best - 3)) continue;
            var length = MatchBytes.CountEqual(position, match, end);
            if (length <= best) continue;
            best = length;
            offset = index - candidate;
            if (position + length == end) break;
        }
        // Not before the search, since it takes the place of the oldest candidate.
        if (context.NextToEnter <= index)
        {
            Enter(row, (byte)hash, index);
            context.NextToEnter = index + 1;
        }
        return offset == 0 ? 0 : best;
    }

    private void EnterGap(MatchContext context, uint index)
    {
        var origin = context.IndexOrigin;
        var next = context.NextToEnter;
        if (next >= index) return;
        if (index - next > MaxGap)
        {
            for (var stop = next + EnteredFirst; next < stop; next++) EnterAt(origin, next);
            next = index - EnteredLast;
        }
        for (; next < index; next++) EnterAt(origin, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnterAt(byte* origin, uint index)
    {
        var hash = MatchBytes.Hash(MatchBytes.Read64(origin + index), _wordShift, _hashShift);
        Enter(hash >> TagBits, (byte)hash, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter(nuint row, byte tag, uint index)
    {
        var slot = (nuint)(uint)((_heads[row] - 1) & ((1 << _rowLog) - 1));
        _heads[row] = (byte)slot;
        slot += row << _rowLog;
        _tags[slot] = tag;
        _indices[slot] = index;
    }

    /// <summary>A bit for each slot with this tag, the lowest being the slot at the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Hits(byte* tags, byte tag, int head)
    {
        if (_rowLog == 4)
        {
            var bits = Vector128.Equals(Vector128.Load(tags), Vector128.Create(tag)).ExtractMostSignificantBits();
            return ((bits | (bits << 16)) >> (head & 15)) & 0xFFFF;
        }
        var wanted = Vector256.Create(tag);
        var half = Vector256.Equals(Vector256.Load(tags), wanted).ExtractMostSignificantBits();
        if (_rowLog == 5) return BitOperations.RotateRight(half, head);
        var otherHalf = Vector256.Equals(Vector256.Load(tags + 32), wanted).ExtractMostSignificantBits();
        return BitOperations.RotateRight(half | ((ulong)otherHalf << 32), head);
    }
}
