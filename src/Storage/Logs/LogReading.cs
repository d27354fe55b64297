using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>
/// The reads of one log, from any thread. Each takes the list of segments as it is; where a segment of it was deleted
/// meanwhile, it begins again with the new list. While a log is being emptied there is none: nothing is found then.
/// </summary>
internal sealed class LogReading(PartitionLog log)
{
    private readonly Lock _sync = new();
    private LogMark _boundary;
    private int _generation;

    public LogRead Read(long offset, int maxBytes, long upTo, bool wholeBatch)
    {
        while (true)
        {
            var end = log.EndOffset;
            if (offset < log.StartOffset || offset > end) return new LogRead(LogReadOutcome.OutOfRange);
            if (offset >= Math.Min(upTo, end)) return LogRead.Nothing;
            if (log.DamageAt(offset) is not null) return new LogRead(LogReadOutcome.Damaged);
            // Not across damage: who reads on from the slice's end is told of it.
            var limit = Math.Min(Math.Min(upTo, end), log.Damage.NextAbove(offset));
            var segments = log.Segments;
            try
            {
                return ReadFrom(segments, offset, maxBytes, limit, wholeBatch);
            }
            catch (SegmentGoneException) when (!log.IsClosed)
            {
                // Deleted since its list was taken. Where that is the list still, the log is being emptied, or that failed.
                if (log.Segments == segments) return new LogRead(LogReadOutcome.OutOfRange);
            }
        }
    }

    public TimestampSearchResult? FindTimestamp(long timestamp)
    {
        while (true)
        {
            var segments = log.Segments;
            try
            {
                var from = log.StartOffset;
                for (var i = segments.IndexOf(from); i < segments.Count; i++)
                {
                    if (segments[i].MaxTimestamp < timestamp) continue;
                    if (SegmentSearch.FindTimestamp(segments[i], timestamp, from) is { } found) return found;
                }

                return null;
            }
            catch (SegmentGoneException) when (!log.IsClosed)
            {
                // Deleted since its list was taken.
                if (log.Segments == segments) return null;
            }
        }
    }

    public TimestampSearchResult? FindMaxTimestamp()
    {
        while (true)
        {
            var segments = log.Segments;
            try
            {
                var from = log.StartOffset;
                var max = -1L;
                for (var i = segments.IndexOf(from); i < segments.Count; i++) max = Math.Max(max, segments[i].MaxTimestamp);
                if (max < 0) return null;
                if (FindTimestamp(max) is { } found) return found;
                // The youngest record lies below the start, in a segment that is not gone yet.
                return FindMaxByReading(from);
            }
            catch (SegmentGoneException) when (!log.IsClosed)
            {
                // Deleted since its list was taken.
                if (log.Segments == segments) return null;
            }
        }
    }

    public void CollectAborted(long from, long upTo, ICollection<AbortedTransaction> found)
    {
        while (true)
        {
            var segments = log.Segments;
            try
            {
                var collected = new List<AbortedTransaction>();
                for (var i = segments.IndexOf(from); i < segments.Count; i++)
                {
                    if (segments[i].Indexes.Transactions.Collect(from, upTo, collected)) break;
                }

                // Its folder may have another name by now: an index that was not found says nothing then.
                if (log.IsClosed) throw new SegmentGoneException(log.Folder);
                foreach (var aborted in collected) found.Add(aborted);
                return;
            }
            catch (SegmentGoneException) when (!log.IsClosed)
            {
                // Deleted since its list was taken.
                if (log.Segments == segments) return;
            }
        }
    }

    /// <summary>Where the offset lies that consumers may read up to: many of them ask for the same one.</summary>
    public void Remember(in FlushWork work)
    {
        lock (_sync) (_boundary, _generation) = (work.Tail, work.Generation);
    }

    /// <summary>After a truncation the same offset may come to lie elsewhere.</summary>
    public void Forget()
    {
        lock (_sync) _boundary = default;
    }

    private LogRead ReadFrom(SegmentList segments, long offset, int maxBytes, long upTo, bool wholeBatch)
    {
        for (var i = segments.IndexOf(offset); i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.BaseOffset >= upTo) break;
            var isWithinLimit = i + 1 < segments.Count && segments[i + 1].BaseOffset <= upTo;
            var file = segment.File.Hold();
            var kept = false;
            try
            {
                var limit = isWithinLimit ? segment.Length : PositionOf(segment, file, upTo);
                var (position, size, _) = SegmentSearch.Find(segment, file, offset, limit);
                if (size == 0)
                {
                    // Behind the last batch that compaction has left, the next segment has what follows; else something is missing.
                    if (isWithinLimit && !log.IsExplained(offset, segments[i + 1].BaseOffset)) return new LogRead(LogReadOutcome.Damaged);
                    continue;
                }

                var length = Math.Min(maxBytes, limit - position);
                if (length < size && wholeBatch) length = size;
                kept = true;
                return new LogRead(LogReadOutcome.Read, new LogSlice(segment.File, file, position, length));
            }
            finally
            {
                if (!kept) segment.File.LetGo();
            }
        }

        return LogRead.Nothing;
    }

    private int PositionOf(LogSegment segment, IFile file, long upTo)
    {
        lock (_sync)
        {
            // A truncation may have come between the end of the flusher's round and its telling of it.
            if (_boundary.Offset == upTo && _boundary.Segment == segment && _generation == log.Flushing.Generation) return _boundary.Position;
        }

        var length = segment.Length;
        var (position, size, _) = SegmentSearch.Find(segment, file, upTo, length);
        return size == 0 ? length : position;
    }

    private TimestampSearchResult? FindMaxByReading(long from)
    {
        TimestampSearchResult? found = null;
        var segments = log.Segments;
        for (var i = segments.IndexOf(from); i < segments.Count; i++)
        {
            // Each finds the first record younger than the last one found, until there is none.
            while (SegmentSearch.FindTimestamp(segments[i], found is { } best ? best.Timestamp + 1 : 0, from) is { } younger) found = younger;
        }

        return found;
    }
}
