using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>Finds batches and records in one segment: an index says where to begin, headers say where to stop.</summary>
internal static class SegmentSearch
{
    /// <summary>Entries further apart than this lie at large batches, most of which have one each.</summary>
    private const int LargeGap = 8192;

    /// <summary>The first batch that reaches the offset; a size of 0 where there is none below the limit.</summary>
    public static (int Position, int Size, long BaseOffset) Find(LogSegment segment, IFile file, long offset, int limit)
    {
        var entry = segment.Indexes.Offsets.Lookup(offset, out var next);
        // The batch at an entry ends with the entry's offset. So the one at the next entry ends above ours, and where it
        // does not begin above it, it is the one; a walk would first read the header of the batch before it.
        if (entry.Offset < offset && next - entry.Position > LargeGap && next < limit && IsAt(file, next, offset, limit) is { } found)
            return found;
        var headers = new BatchHeaders(file, entry.Position, limit, stackalloc byte[BatchHeaders.BufferSize]);
        while (headers.MoveNext())
        {
            if (headers.LastOffset >= offset) return (headers.Position, headers.Size, headers.BaseOffset);
        }

        return (limit, 0, -1);
    }

    /// <summary>The first record at the offset or behind it that is not older than the timestamp.</summary>
    public static TimestampSearchResult? FindTimestamp(LogSegment segment, long timestamp, long fromOffset)
    {
        var indexes = segment.Indexes;
        var begin = Math.Max(indexes.Times.Lookup(timestamp).Offset, fromOffset);
        var file = segment.File.Hold();
        try
        {
            var headers = new BatchHeaders(file, indexes.Offsets.Lookup(begin).Position, segment.Length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext())
            {
                if (headers.MaxTimestamp < timestamp || headers.LastOffset < fromOffset) continue;
                if (FindRecord(file, headers.Position, headers.Size, timestamp, fromOffset) is { } found) return found;
            }
        }
        finally
        {
            segment.File.LetGo();
        }

        return null;
    }

    /// <summary>Null also where no header can be read there: a walk says what is wrong, if it comes that far.</summary>
    private static (int Position, int Size, long BaseOffset)? IsAt(IFile file, int position, long offset, int limit)
    {
        try
        {
            var headers = new BatchHeaders(file, position, limit, stackalloc byte[BatchLayout.HeaderSize]);
            return headers.MoveNext() && headers.BaseOffset <= offset && headers.LastOffset >= offset
                ? (position, headers.Size, headers.BaseOffset)
                : null;
        }
        catch (LogDamageException)
        {
            return null;
        }
    }

    private static TimestampSearchResult? FindRecord(IFile file, int position, int size, long timestamp, long fromOffset)
    {
        using var bytes = new PooledBuffer(size);
        using var scratch = new PooledBuffer();
        var batch = ReadBatch(file, position, size, bytes);
        try
        {
            if (batch.Attributes.IsLogAppendTime)
            {
                var first = batch.GetRecords(scratch);
                while (first.MoveNext())
                {
                    if (batch.BaseOffset + first.OffsetDelta >= fromOffset)
                        return new TimestampSearchResult(batch.BaseOffset + first.OffsetDelta, batch.MaxTimestamp, batch.LeaderEpoch);
                }

                return null;
            }

            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                var time = batch.BaseTimestamp + records.TimestampDelta;
                var offset = batch.BaseOffset + records.OffsetDelta;
                if (time >= timestamp && offset >= fromOffset) return new TimestampSearchResult(offset, time, batch.LeaderEpoch);
            }

            return null;
        }
        catch (InvalidBatchException damage)
        {
            throw new LogDamageException(file.Path, position, batch.BaseOffset, damage.Message, damage);
        }
    }

    /// <summary>Reads a batch whole and makes sure of its checksum.</summary>
    public static RecordBatch ReadBatch(IFile file, int position, int size, PooledBuffer into)
    {
        into.Clear();
        into.Reserve(size);
        var read = file.Read(position, into.Bytes.AsSpan(0, size));
        into.Advance(read);
        try
        {
            var batch = RecordBatch.Read(into.WrittenSpan);
            batch.EnsureChecksum();
            return batch;
        }
        catch (InvalidBatchException damage)
        {
            throw new LogDamageException(file.Path, position, -1, damage.Message, damage);
        }
    }
}
