using System.Buffers.Binary;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Requests.Data.Fetching;

/// <summary>Reads one partition for a fetch: who may read where, how far, and which transactions of it were aborted.</summary>
internal static class FetchRead
{
    /// <param name="item">What is asked; what is found goes there.</param>
    /// <param name="isCommitted">Whether only what is decided is shown.</param>
    /// <param name="maxBytes">Left of the whole request.</param>
    /// <param name="isFirst">Whether nothing was read yet: a first batch is given whole, however large.</param>
    public static void Run(FetchItem item, bool isCommitted, int maxBytes, bool isFirst)
    {
        item.Clear();
        if (item.Partition is not { } partition)
        {
            item.Error = item.Missing;
            item.HasAborted = true;
            return;
        }

        if (partition.Log is not { } log)
        {
            item.Error = !partition.IsDeleted ? ErrorCode.KafkaStorageError : item.TopicId.IsZero ? ErrorCode.UnknownTopicOrPartition : ErrorCode.UnknownTopicId;
            return;
        }

        if (EpochFault(item, partition) is var error && error != ErrorCode.None)
        {
            item.Error = error;
            return;
        }

        if (item.IsElsewhere)
        {
            item.Error = ErrorCode.NotLeaderOrFollower;
            return;
        }

        item.LogStartOffset = log.StartOffset;
        item.HighWatermark = partition.HighWatermark;
        item.LastStableOffset = partition.LastStableOffset;
        if (IsDiverging(item, partition, log)) return;
        try
        {
            Read(item, log, isCommitted, maxBytes, isFirst);
        }
        catch (IOException) when (partition.HasReplaced(log))
        {
            // It lies in another folder since: what was found until now counts no more.
            Run(item, isCommitted, maxBytes, isFirst);
        }
        catch (LogDamageException)
        {
            item.Fail(ErrorCode.CorruptMessage);
        }
        catch (IOException)
        {
            // The disk, or a log that was closed meanwhile.
            item.Fail(ErrorCode.KafkaStorageError);
        }
    }

    private static ErrorCode EpochFault(FetchItem item, Partition partition)
    {
        var current = partition.LeaderEpoch;
        if (item.CurrentLeaderEpoch < 0 || item.CurrentLeaderEpoch == current) return ErrorCode.None;
        item.LeaderEpoch = current;
        return item.CurrentLeaderEpoch < current ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
    }

    /// <summary>The reader's last record may not be the one that lies here (KIP-320): it is told where the two logs part.</summary>
    private static bool IsDiverging(FetchItem item, Partition partition, PartitionLog log)
    {
        if (item.LastFetchedEpoch < 0) return false;
        var end = partition.EndOffsetOf(log, item.LastFetchedEpoch);
        if (end.Epoch < 0)
        {
            item.Fail(ErrorCode.OffsetOutOfRange);
            return true;
        }

        if (end.Epoch >= item.LastFetchedEpoch && end.Offset >= item.Offset) return false;
        item.DivergingEpoch = end.Epoch;
        item.DivergingEnd = end.Offset;
        return true;
    }

    private static void Read(FetchItem item, PartitionLog log, bool isCommitted, int maxBytes, bool isFirst)
    {
        var upTo = isCommitted ? item.LastStableOffset : item.HighWatermark;
        item.HasAborted = isCommitted;
        var limit = Math.Max(0, Math.Min(maxBytes, item.MaxBytes));
        var read = log.Read(item.Offset, limit, upTo, wholeBatch: isFirst);
        switch (read.Outcome)
        {
            case LogReadOutcome.OutOfRange:
                item.Fail(ErrorCode.OffsetOutOfRange);
                return;
            case LogReadOutcome.Damaged:
                item.Fail(ErrorCode.CorruptMessage);
                return;
        }

        if (read.Slice.Length == 0 || (read.Slice.Length == limit && !HasWholeBatch(read.Slice)))
        {
            read.Slice.Dispose();
            return;
        }

        item.Records = SliceHolder.Of(read.Slice);
        if (isCommitted) CollectAborted(item, log, upTo);
    }

    /// <summary>A part of a batch alone is of no use to anybody, and takes the room of other partitions.</summary>
    private static bool HasWholeBatch(in LogSlice slice)
    {
        Span<byte> header = stackalloc byte[BatchLayout.HeaderSize];
        return slice.Read(0, header) == header.Length && RecordBatch.SizeOf(header) <= slice.Length;
    }

    /// <summary>Those that reach into what is read, and no more where there are many.</summary>
    private static void CollectAborted(FetchItem item, PartitionLog log, long upTo)
    {
        log.CollectAborted(item.Offset, upTo, item.Aborted);
        if (item.Aborted.Count == 0) return;
        var end = EndOf(item.Records!.Slice);
        item.Aborted.RemoveAll(aborted => aborted.FirstOffset >= end);
        item.Aborted.Sort(static (one, other) => one.FirstOffset.CompareTo(other.FirstOffset));
    }

    private static long EndOf(in LogSlice slice)
    {
        Span<byte> header = stackalloc byte[BatchLayout.HeaderSize];
        var end = 0L;
        for (var position = 0; slice.Read(position, header) == header.Length;)
        {
            end = BinaryPrimitives.ReadInt64BigEndian(header) + BinaryPrimitives.ReadInt32BigEndian(header[BatchLayout.LastOffsetDelta..]) + 1;
            position += RecordBatch.SizeOf(header);
        }

        return end;
    }
}
