namespace Moldau.Protocol.Compression.Zstd;

/// <summary>The careful way to carry out a sequence: near the end of the room, and for sequences that turn out to be invalid.</summary>
internal static unsafe class SequenceTail
{
    public static void Execute(
        InputRange stream, byte* literals, byte* literalsEnd, nint literalLength, nint matchLength, uint offset, ref BlockOutput output)
    {
        if (literalLength > literalsEnd - literals) throw stream.Corrupt("sequences use more literals than the block has");
        CheckRoom(stream, literalLength + matchLength, in output);
        var position = output.Position;
        var reach = position - output.FrameStart + literalLength;
        if (offset > reach) throw stream.Corrupt($"a match reaches back {offset} bytes where the frame has {reach}");
        // Section 3.1.1.1.2: the window is what a decoder has to keep, so no valid match reaches beyond it.
        if (offset > output.WindowSize) throw stream.Corrupt($"a match reaches back {offset} bytes over a window of {output.WindowSize}");

        Buffer.MemoryCopy(literals, position, literalLength, literalLength);
        position += literalLength;
        var source = position - offset;
        // A match may overlap itself, and then has to see the bytes it has just written.
        for (nint i = 0; i < matchLength; i++) position[i] = source[i];
        output.Position = position + matchLength;
    }

    /// <summary>Literals that no sequence used follow the last match.</summary>
    public static void AppendLiterals(InputRange section, byte* literals, int count, ref BlockOutput output)
    {
        CheckRoom(section, count, in output);
        Buffer.MemoryCopy(literals, output.Position, count, count);
        output.Position += count;
    }

    private static void CheckRoom(InputRange section, nint count, in BlockOutput output)
    {
        if (count <= output.Limit - output.Position) return;
        if (output.LimitedByBuffer) throw new BufferLimitException(output.BufferLimit + (count - (output.Limit - output.Position)), output.BufferLimit);
        throw section.Corrupt("a block regenerates more than its frame's blocks may hold");
    }
}
