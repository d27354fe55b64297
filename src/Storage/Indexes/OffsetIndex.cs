using System.Buffers.Binary;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>Where in a segment to begin to look for an offset; Kafka's <c>.index</c>.</summary>
public sealed class OffsetIndex : EntryIndex<OffsetIndex.Entry>
{
    public const int EntrySize = 8;

    /// <param name="baseOffset">The segment's.</param>
    public OffsetIndex(long baseOffset)
        : this(baseOffset, [])
    {
    }

    private OffsetIndex(long baseOffset, Entry[] entries)
        : base(entries, EntrySize) => BaseOffset = baseOffset;

    public long BaseOffset { get; }

    /// <summary>The segment's first offset where there is no entry.</summary>
    public OffsetPosition Last => Entries is [.., var last] ? Full(last) : new OffsetPosition(BaseOffset, 0);

    /// <summary>Reads a segment's index whole.</summary>
    /// <param name="file">The index.</param>
    /// <param name="baseOffset">The segment's.</param>
    /// <param name="segmentLength">In bytes; an entry that points behind is not this segment's.</param>
    public static OffsetIndex Read(IFile file, long baseOffset, long segmentLength)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Parse(WholeFile.Read(file), file.Path, baseOffset, segmentLength);
    }

    public static OffsetIndex Parse(ReadOnlySpan<byte> bytes, string path, long baseOffset, long segmentLength)
    {
        EntryBytes.CheckLength(bytes, EntrySize, path);
        // An entry of zeros says no more than none: that the segment's first offset is at its start.
        bytes = EntryBytes.WithoutZeroTail(bytes, EntrySize);
        var entries = new Entry[bytes.Length / EntrySize];
        var before = new Entry(-1, -1);
        for (var i = 0; i < entries.Length; i++)
        {
            var at = i * EntrySize;
            var entry = new Entry(BinaryPrimitives.ReadInt32BigEndian(bytes[at..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 4)..]));
            if (entry.RelativeOffset <= before.RelativeOffset)
                throw DamagedFileException.AtByte(path, at, $"a relative offset above {before.RelativeOffset}", $"{entry.RelativeOffset}", EntryBytes.Advice);
            if (entry.Position <= before.Position || entry.Position >= segmentLength)
            {
                throw DamagedFileException.AtByte(
                    path, at + 4, $"a position above {before.Position} and below the segment's length {segmentLength}", $"{entry.Position}", EntryBytes.Advice);
            }

            entries[i] = before = entry;
        }

        return new OffsetIndex(baseOffset, entries);
    }

    /// <summary>False where the offset is too far from the segment's first: it is time to roll.</summary>
    public bool CanHold(long offset) => offset - BaseOffset is >= 0 and <= int.MaxValue;

    public void Add(long offset, int position)
    {
        var last = Last;
        if (!CanHold(offset) || (Count > 0 && (offset <= last.Offset || position <= last.Position)) || position < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"offset {offset} at {position} cannot follow {last.Offset} at {last.Position} in the index of segment {BaseOffset}");
        }

        Append(new Entry((int)(offset - BaseOffset), position));
    }

    /// <summary>The greatest entry not above the offset; the segment's start where there is none.</summary>
    public OffsetPosition Lookup(long offset)
    {
        var entries = Entries;
        var next = FirstAbove(entries, offset - BaseOffset);
        return next == 0 ? new OffsetPosition(BaseOffset, 0) : Full(entries[next - 1]);
    }

    /// <summary>
    /// The greatest entry not above the offset, as <see cref="Lookup(long)"/> finds it, and the position of the entry that
    /// follows it; -1 where none does. The batch there ends above the offset.
    /// </summary>
    public OffsetPosition Lookup(long offset, out int nextPosition)
    {
        var entries = Entries;
        var next = FirstAbove(entries, offset - BaseOffset);
        nextPosition = next < entries.Length ? entries[next].Position : -1;
        return next == 0 ? new OffsetPosition(BaseOffset, 0) : Full(entries[next - 1]);
    }

    /// <summary>Forgets the entries from this offset on.</summary>
    public void TruncateTo(long offset) => Keep(FirstAbove(Entries, offset - BaseOffset - 1));

    private protected override void Encode(Entry entry, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, entry.RelativeOffset);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], entry.Position);
    }

    private static int FirstAbove(ReadOnlySpan<Entry> entries, long relativeOffset)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].RelativeOffset <= relativeOffset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private OffsetPosition Full(Entry entry) => new(BaseOffset + entry.RelativeOffset, entry.Position);

    public readonly record struct Entry(int RelativeOffset, int Position);
}
