using System.Buffers.Binary;
using Moldau.Protocol.Checksums;

namespace Moldau.Storage.Producers;

/// <summary>
/// The bytes of a snapshot of producer states, as Kafka writes them: version (2 bytes), CRC-32C of all that follows (4),
/// count (4), and 46 bytes a producer. Of each producer only the last batch is kept.
/// </summary>
public static class ProducerSnapshot
{
    private const short Version = 1;
    private const int ChecksumStart = sizeof(short);
    private const int CountStart = ChecksumStart + sizeof(uint);
    private const int EntriesStart = CountStart + sizeof(int);

    // Places in an entry.
    private const int Epoch = 8;
    private const int LastSequence = 10;
    private const int LastOffset = 14;
    private const int OffsetDelta = 22;
    private const int Timestamp = 26;
    private const int CoordinatorEpoch = 34;
    private const int TransactionOffset = 38;
    private const int EntrySize = 46;

    /// <summary>Writes the states in the order of their ids, so that the same states are the same bytes.</summary>
    public static byte[] Write(IReadOnlyCollection<ProducerState> producers)
    {
        ArgumentNullException.ThrowIfNull(producers);
        var states = new List<ProducerState>(producers);
        states.Sort(static (one, other) => one.ProducerId.CompareTo(other.ProducerId));
        var bytes = new byte[EntriesStart + states.Count * EntrySize];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountStart), states.Count);
        for (var i = 0; i < states.Count; i++) WriteEntry(bytes.AsSpan(EntriesStart + i * EntrySize, EntrySize), states[i]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumStart), Crc32C.Compute(bytes.AsSpan(CountStart)));
        return bytes;
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The file, for what is said of its damage.</param>
    /// <exception cref="CorruptSnapshotException">It is not whole.</exception>
    public static IReadOnlyList<ProducerState> Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < EntriesStart) throw new CorruptSnapshotException(path, 0, $"{bytes.Length} bytes, fewer than the {EntriesStart} of a header");
        var version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (version != Version) throw new CorruptSnapshotException(path, 0, $"version {version}, but only {Version} is known");
        var written = BinaryPrimitives.ReadUInt32BigEndian(bytes[ChecksumStart..]);
        var computed = Crc32C.Compute(bytes[CountStart..]);
        if (written != computed) throw new CorruptSnapshotException(path, ChecksumStart, $"checksum {written:x8}, but its bytes give {computed:x8}");
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountStart..]);
        var entries = bytes[EntriesStart..];
        if (count < 0 || (long)count * EntrySize != entries.Length)
            throw new CorruptSnapshotException(path, CountStart, $"{count} producers of {EntrySize} bytes each, but {entries.Length} bytes follow");

        var states = new List<ProducerState>(count);
        for (; entries.Length > 0; entries = entries[EntrySize..]) states.Add(ReadEntry(entries));
        return states;
    }

    private static void WriteEntry(Span<byte> entry, ProducerState state)
    {
        BinaryPrimitives.WriteInt64BigEndian(entry, state.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[Epoch..], state.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[LastSequence..], state.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[LastOffset..], state.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[OffsetDelta..], state.LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[Timestamp..], state.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[CoordinatorEpoch..], state.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[TransactionOffset..], state.TransactionOffset);
    }

    private static ProducerState ReadEntry(ReadOnlySpan<byte> entry)
    {
        var timestamp = BinaryPrimitives.ReadInt64BigEndian(entry[Timestamp..]);
        var lastOffset = BinaryPrimitives.ReadInt64BigEndian(entry[LastOffset..]);
        RecentBatch? last = lastOffset < 0 ? null : new RecentBatch(
            BinaryPrimitives.ReadInt32BigEndian(entry[LastSequence..]), lastOffset, BinaryPrimitives.ReadInt32BigEndian(entry[OffsetDelta..]), timestamp);
        return ProducerState.Restore(
            BinaryPrimitives.ReadInt64BigEndian(entry), BinaryPrimitives.ReadInt16BigEndian(entry[Epoch..]),
            BinaryPrimitives.ReadInt32BigEndian(entry[CoordinatorEpoch..]), timestamp,
            BinaryPrimitives.ReadInt64BigEndian(entry[TransactionOffset..]), last);
    }
}
