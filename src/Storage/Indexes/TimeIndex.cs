using System.Buffers.Binary;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>
/// From which offset of a segment on there may be records of a timestamp: the greatest timestamp so far, now and then;
/// Kafka's <c>.timeindex</c>.
/// </summary>
public sealed class TimeIndex : EntryIndex<TimeIndex.Entry>
{
    public const int EntrySize = 12;

    private const long NoTimestamp = -1;

    /// <param name="baseOffset">The segment's.</param>
    public TimeIndex(long baseOffset)
        : this(baseOffset, [])
    {
    }

    private TimeIndex(long baseOffset, Entry[] entries)
        : base(entries, EntrySize) => BaseOffset = baseOffset;

    public long BaseOffset { get; }

    /// <summary>Timestamp -1 where there is no entry.</summary>
    public TimestampOffset Last => Entries is [.., var last] ? Full(last) : new TimestampOffset(NoTimestamp, BaseOffset);

    public static TimeIndex Read(IFile file, long baseOffset)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Parse(WholeFile.Read(file), file.Path, baseOffset);
    }

    public static TimeIndex Parse(ReadOnlySpan<byte> bytes, string path, long baseOffset)
    {
        EntryBytes.CheckLength(bytes, EntrySize, path);
        // One entry of zeros alone is the timestamp 0: no tail is that short.
        if (bytes.Length > EntrySize) bytes = EntryBytes.WithoutZeroTail(bytes, EntrySize);
        var entries = new Entry[bytes.Length / EntrySize];
        var before = new Entry(NoTimestamp, 0);
        for (var i = 0; i < entries.Length; i++)
        {
            var at = i * EntrySize;
            var entry = new Entry(BinaryPrimitives.ReadInt64BigEndian(bytes[at..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 8)..]));
            if (entry.Timestamp <= before.Timestamp)
                throw DamagedFileException.AtByte(path, at, $"a timestamp above {before.Timestamp}", $"{entry.Timestamp}", EntryBytes.Advice);
            if (entry.RelativeOffset < before.RelativeOffset)
                throw DamagedFileException.AtByte(path, at + 8, $"a relative offset not below {before.RelativeOffset}", $"{entry.RelativeOffset}", EntryBytes.Advice);
            entries[i] = before = entry;
        }

        return new TimeIndex(baseOffset, entries);
    }

    /// <summary>Takes the greatest timestamp so far, where it is greater than the last one taken.</summary>
    /// <returns>Whether it was.</returns>
    public bool Add(long timestamp, long offset)
    {
        var last = Last;
        if (offset - BaseOffset is < 0 or > int.MaxValue || (Count > 0 && (offset < last.Offset || timestamp < last.Timestamp)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(timestamp), $"timestamp {timestamp} at {offset} cannot follow {last.Timestamp} at {last.Offset} in the time index of segment {BaseOffset}");
        }

        if (timestamp <= last.Timestamp) return false;
        Append(new Entry(timestamp, (int)(offset - BaseOffset)));
        return true;
    }

    /// <summary>The greatest entry not above the timestamp: no record before its offset is younger. The segment's start where there is none.</summary>
    public TimestampOffset Lookup(long timestamp)
    {
        var entries = Entries;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].Timestamp <= timestamp) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? new TimestampOffset(NoTimestamp, BaseOffset) : Full(entries[low - 1]);
    }

    /// <summary>Forgets the entries from this offset on.</summary>
    public void TruncateTo(long offset)
    {
        var entries = Entries;
        var kept = entries.Length;
        while (kept > 0 && entries[kept - 1].RelativeOffset >= offset - BaseOffset) kept--;
        Keep(kept);
    }

    private protected override void Encode(Entry entry, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, entry.Timestamp);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], entry.RelativeOffset);
    }

    private TimestampOffset Full(Entry entry) => new(entry.Timestamp, BaseOffset + entry.RelativeOffset);

    public readonly record struct Entry(long Timestamp, int RelativeOffset);
}
