using System.Buffers.Binary;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>The aborted transactions whose markers a segment holds, in the order of the markers; Kafka's <c>.txnindex</c>.</summary>
public sealed class TransactionIndex : EntryIndex<AbortedTransaction>
{
    public const int EntrySize = 34;

    private const short Version = 0;

    /// <param name="baseOffset">The segment's.</param>
    public TransactionIndex(long baseOffset)
        : this(baseOffset, [])
    {
    }

    private TransactionIndex(long baseOffset, AbortedTransaction[] entries)
        : base(entries, EntrySize) => BaseOffset = baseOffset;

    public long BaseOffset { get; }

    /// <summary>That of the last marker; -1 where there is none.</summary>
    public long LastOffset => Entries is [.., var last] ? last.LastOffset : -1;

    public static TransactionIndex Read(IFile file, long baseOffset)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Parse(WholeFile.Read(file), file.Path, baseOffset);
    }

    public static TransactionIndex Parse(ReadOnlySpan<byte> bytes, string path, long baseOffset)
    {
        EntryBytes.CheckLength(bytes, EntrySize, path);
        var entries = new AbortedTransaction[bytes.Length / EntrySize];
        var lowest = baseOffset;
        for (var i = 0; i < entries.Length; i++)
        {
            var at = i * EntrySize;
            entries[i] = Decode(bytes.Slice(at, EntrySize), path, at, lowest);
            lowest = entries[i].LastOffset + 1;
        }

        return new TransactionIndex(baseOffset, entries);
    }

    public void Add(AbortedTransaction aborted)
    {
        var lowest = Entries is [.., var last] ? last.LastOffset + 1 : BaseOffset;
        if (aborted.LastOffset < lowest || aborted.FirstOffset < 0 || aborted.FirstOffset >= aborted.LastOffset || aborted.ProducerId < 0
            || aborted.LastStableOffset < 0 || aborted.LastStableOffset > aborted.LastOffset + 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(aborted), $"{aborted} cannot stand in the index of segment {BaseOffset}, where the next transaction ends at {lowest} or above");
        }

        Append(aborted);
    }

    /// <summary>Collects the transactions with records in a range of offsets, its upper end not included.</summary>
    /// <returns>
    /// False where a later segment may hold more: transactions of the range that were aborted after this segment's end.
    /// </returns>
    public bool Collect(long from, long upTo, ICollection<AbortedTransaction> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        foreach (var aborted in Entries)
        {
            if (aborted.LastOffset >= from && aborted.FirstOffset < upTo) found.Add(aborted);
            // Everything below the last stable offset of that moment was decided, so no later one reaches below.
            if (aborted.LastStableOffset >= upTo) return true;
        }

        return false;
    }

    /// <summary>Forgets the transactions whose marker lies at this offset or above.</summary>
    public void TruncateTo(long offset)
    {
        var entries = Entries;
        var kept = entries.Length;
        while (kept > 0 && entries[kept - 1].LastOffset >= offset) kept--;
        Keep(kept);
    }

    private protected override void Encode(AbortedTransaction entry, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt16BigEndian(destination, Version);
        BinaryPrimitives.WriteInt64BigEndian(destination[2..], entry.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(destination[10..], entry.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(destination[18..], entry.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(destination[26..], entry.LastStableOffset);
    }

    private static AbortedTransaction Decode(ReadOnlySpan<byte> bytes, string path, long at, long lowest)
    {
        var version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (version != Version) throw Damaged(path, at, $"version {Version}", version);
        var entry = new AbortedTransaction(
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[18..]), BinaryPrimitives.ReadInt64BigEndian(bytes[26..]));
        if (entry.ProducerId < 0) throw Damaged(path, at + 2, "a producer's id", entry.ProducerId);
        if (entry.LastOffset < lowest) throw Damaged(path, at + 18, $"an end not below {lowest}", entry.LastOffset);
        // The marker itself is the transaction's last offset, so the first lies below.
        if (entry.FirstOffset < 0 || entry.FirstOffset >= entry.LastOffset)
            throw Damaged(path, at + 10, $"a first offset below the end {entry.LastOffset}", entry.FirstOffset);
        return entry.LastStableOffset >= 0 && entry.LastStableOffset - 1 <= entry.LastOffset
            ? entry
            : throw Damaged(path, at + 26, $"a stable offset not above {entry.LastOffset} + 1", entry.LastStableOffset);
    }

    private static DamagedFileException Damaged(string path, long position, string expected, long value) =>
        DamagedFileException.AtByte(path, position, expected, $"{value}", EntryBytes.Advice);
}
