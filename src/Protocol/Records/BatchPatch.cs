using System.Buffers.Binary;
using Moldau.Protocol.Checksums;

namespace Moldau.Protocol.Records;

/// <summary>What a broker changes in a batch that arrived, in place: the producer's bytes become the log's.</summary>
public static class BatchPatch
{
    /// <summary>Offset and epoch lie before the checksum's range: it stays valid.</summary>
    public static void SetOffsetAndEpoch(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.BaseOffset..], baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.LeaderEpoch..], leaderEpoch);
    }

    /// <summary>Sets the timestamp type and the maximum timestamp; the checksum is made again only where something changed.</summary>
    public static void SetTimestamp(Span<byte> batch, bool isLogAppendTime, long maxTimestamp)
    {
        var current = RecordBatch.Read(batch);
        var attributes = current.Attributes.WithLogAppendTime(isLogAppendTime);
        if (attributes == current.Attributes && maxTimestamp == current.MaxTimestamp) return;

        BinaryPrimitives.WriteInt16BigEndian(batch[BatchLayout.Attributes..], attributes.Bits);
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.MaxTimestamp..], maxTimestamp);
        SetChecksum(batch[..current.Bytes.Length]);
    }

    internal static void SetChecksum(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[BatchLayout.Checksum..], Crc32C.Compute(batch[BatchLayout.ChecksumStart..]));
}
