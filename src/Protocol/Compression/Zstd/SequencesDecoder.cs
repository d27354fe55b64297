using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Decodes the sequences section of a block and carries the sequences out (RFC 8878 sections 3.1.1.3.2 and 3.1.1.4).</summary>
internal sealed unsafe class SequencesDecoder
{
    private readonly SequenceTable _literalLengths = new(SequenceAlphabet.LiteralLengths);
    private readonly SequenceTable _offsets = new(SequenceAlphabet.Offsets);
    private readonly SequenceTable _matchLengths = new(SequenceAlphabet.MatchLengths);
    private RepeatOffsets _repeats;

    public void StartFrame()
    {
        _literalLengths.Forget();
        _offsets.Forget();
        _matchLengths.Forget();
        _repeats = RepeatOffsets.Initial;
    }

    /// <summary>Writes the block's content, literals after the last sequence included, and moves the output past it.</summary>
    public void Execute(InputRange section, byte* literals, int literalCount, ref BlockOutput output)
    {
        var body = ReadCount(section, out var count);
        if (count == 0)
        {
            // Section 3.1.1.3.2.1: without sequences the section ends here.
            if (body != section.End) throw section.Corrupt("bytes left over behind a block without sequences", body);
        }
        else
        {
            if (body >= section.End) throw section.Corrupt("truncated before the sequence table modes", body);
            int modes = *body;
            if ((modes & 3) != 0) throw section.Corrupt("reserved bits are set in the sequence table modes", body);
            body = _literalLengths.Read(section.From(body + 1), (SequenceTableMode)(modes >> 6));
            body = _offsets.Read(section.From(body), (SequenceTableMode)((modes >> 4) & 3));
            body = _matchLengths.Read(section.From(body), (SequenceTableMode)((modes >> 2) & 3));
            literals = Run(section.From(body), count, literals, literals + literalCount, ref output, out var literalsLeft);
            literalCount = literalsLeft;
        }
        SequenceTail.AppendLiterals(section, literals, literalCount, ref output);
    }

    private static byte* ReadCount(InputRange section, out int count)
    {
        var start = section.Start;
        if (section.Length < 1) throw section.Corrupt("truncated before the number of sequences");
        int first = start[0];
        if (first < 128)
        {
            count = first;
            return start + 1;
        }
        var size = first < 255 ? 2 : 3;
        if (section.Length < size) throw section.Corrupt("truncated within the number of sequences");
        count = first < 255 ? ((first - 128) << 8) + start[1] : start[1] + (start[2] << 8) + 0x7F00;
        return start + size;
    }

    /// <summary>
    /// The stream is held as <c>bits</c>, of which the lowest <c>left</c> are unread, and <c>pointer</c> to where they
    /// came from. Loading again leaves 56 unread bits at least; the states take 26 of these, so the extra bits may take 30.
    /// </summary>
    private byte* Run(InputRange stream, int count, byte* literals, byte* literalsEnd, ref BlockOutput output, out int literalsLeft)
    {
        if (stream.Length < 1) throw stream.Corrupt("truncated before the sequences bitstream");
        if (stream.End[-1] == 0) throw stream.Corrupt("a sequences bitstream without its end mark", stream.End - 1);
        // Eight bytes in front of the stream are always readable, see BackwardBitReader.
        var floor = stream.Start - 8;
        var pointer = stream.End - 8;
        var left = 56 + BitOperations.Log2(stream.End[-1]);
        var bits = Unsafe.ReadUnaligned<ulong>(pointer);

        // Section 3.1.1.3.2.1.2: the first states come in the order literal length, offset, match length.
        var literalLengths = _literalLengths.Cells;
        var offsets = _offsets.Cells;
        var matchLengths = _matchLengths.Cells;
        var literalCell = literalLengths + Take(bits, left -= _literalLengths.AccuracyLog, _literalLengths.AccuracyLog);
        var offsetCell = offsets + Take(bits, left -= _offsets.AccuracyLog, _offsets.AccuracyLog);
        var matchCell = matchLengths + Take(bits, left -= _matchLengths.AccuracyLog, _matchLengths.AccuracyLog);
        if (!Load(ref bits, ref left, ref pointer, floor)) throw Overread(stream);

        var position = output.Position;
        // Sequences that end before this may be copied in whole vectors.
        var fastEnd = output.WritableEnd - ZstdFormat.CopySlack < output.Limit ? output.WritableEnd - ZstdFormat.CopySlack : output.Limit;
        var windowSize = (nuint)output.WindowSize;
        var frameStart = output.FrameStart;
        var repeats = _repeats;
        do
        {
            int offsetBits = offsetCell->ExtraBits, matchBits = matchCell->ExtraBits, literalBits = literalCell->ExtraBits;
            var longFields = offsetBits + matchBits + literalBits > 30;
            var offset = offsetCell->Baseline + (uint)Take(bits, left -= offsetBits, offsetBits);
            if (longFields && !Load(ref bits, ref left, ref pointer, floor)) throw Overread(stream);
            var matchLength = (nint)(matchCell->Baseline + (uint)Take(bits, left -= matchBits, matchBits));
            var literalLength = (nint)(literalCell->Baseline + (uint)Take(bits, left -= literalBits, literalBits));
            if (longFields && !Load(ref bits, ref left, ref pointer, floor)) throw Overread(stream);

            if (offsetBits > 1)
            {
                offset -= 3;
                repeats.Third = repeats.Second;
                repeats.Second = repeats.First;
                repeats.First = offset;
            }
            else
            {
                offset = Recall(ref repeats, literalLength == 0 ? offset : offset - 1);
                if (offset == 0) throw stream.Corrupt("a repeat offset of zero");
            }

            if (--count != 0)
            {
                // Section 3.1.1.3.2.1.2: the states move on in the order literal length, match length, offset.
                literalCell = literalLengths + literalCell->NextState + Take(bits, left -= literalCell->StateBits, literalCell->StateBits);
                matchCell = matchLengths + matchCell->NextState + Take(bits, left -= matchCell->StateBits, matchCell->StateBits);
                offsetCell = offsets + offsetCell->NextState + Take(bits, left -= offsetCell->StateBits, offsetCell->StateBits);
                if (!Load(ref bits, ref left, ref pointer, floor)) throw Overread(stream);
            }

            var reach = (nuint)(position - frameStart + literalLength);
            if (literalLength + matchLength > fastEnd - position || literalLength > literalsEnd - literals
                || offset > reach || offset > windowSize)
            {
                output.Position = position;
                SequenceTail.Execute(stream, literals, literalsEnd, literalLength, matchLength, offset, ref output);
                position = output.Position;
                literals += literalLength;
                continue;
            }

            MatchCopy.Forward(position, literals, literalLength);
            position += literalLength;
            literals += literalLength;
            if (offset >= 16)
            {
                MatchCopy.Forward(position, position - offset, matchLength);
            }
            else
            {
                MatchCopy.Repeat(position, (int)offset, matchLength);
            }
            position += matchLength;
        }
        while (count != 0);

        CheckUsedUp(stream, pointer, left);
        _repeats = repeats;
        output.Position = position;
        literalsLeft = (int)(literalsEnd - literals);
        return literals;
    }

    /// <summary>Offset codes 0 and 1: which of the last offsets, 0 being the latest; 3 means the latest less one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Recall(ref RepeatOffsets repeats, uint which)
    {
        if (which == 0) return repeats.First;
        var offset = which == 1 ? repeats.Second : which == 2 ? repeats.Third : repeats.First - 1;
        if (which != 1) repeats.Third = repeats.Second;
        repeats.Second = repeats.First;
        repeats.First = offset;
        return offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Take(ulong bits, int shift, int count) => Bmi2.X64.IsSupported
        ? (nuint)Bmi2.X64.ZeroHighBits(bits >> shift, (ulong)count)
        : (nuint)((bits >> shift) & ((1UL << count) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Load(ref ulong bits, ref int left, ref byte* pointer, byte* floor)
    {
        pointer -= (63 - left) >> 3;
        left |= 56;
        if (pointer < floor) return false;
        bits = Unsafe.ReadUnaligned<ulong>(pointer);
        return true;
    }

    private static CorruptDataException Overread(InputRange stream) =>
        stream.Corrupt("the sequences bitstream ends before its last sequence");

    private static void CheckUsedUp(InputRange stream, byte* pointer, int left)
    {
        var remaining = (pointer - stream.Start) * 8 + left;
        if (remaining < 0) throw Overread(stream);
        if (remaining > 0) throw stream.Corrupt("the sequences bitstream goes on after its last sequence");
    }
}
