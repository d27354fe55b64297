using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// One pass over one log: the keys of what is dirty go into the map, then all segments up to where the map goes are
/// written anew, group by group, from the log's beginning on; each group is in place before the next is read.
/// </summary>
internal sealed class CompactionPass : IDisposable
{
    private readonly CompactedLog _target;
    private readonly PartitionLog _log;
    private readonly LogSurvey _survey;
    private readonly OffsetMap _latest;
    private readonly Throttle _throttle;
    private readonly CancellationToken _stop;
    private readonly SegmentChunks _chunks;
    private readonly PooledBuffer _scratch;
    private readonly PooledBuffer _output;
    private readonly OpenTransactions _transactions;
    private readonly IBatchFilter _filter;
    private readonly MapBuilder _map;

    public CompactionPass(CompactedLog target, LogSurvey survey, OffsetMap latest, CleanerOptions options, Throttle throttle, Func<IBatchFilter, IBatchFilter> wrap, CancellationToken stop)
    {
        _target = target;
        _log = target.Log;
        _survey = survey;
        _latest = latest;
        _throttle = throttle;
        _stop = stop;
        _chunks = new SegmentChunks(options.IoBufferBytes);
        _scratch = new PooledBuffer(maxLength: options.MostRecordBytes);
        _output = new PooledBuffer(options.IoBufferBytes);
        _transactions = new OpenTransactions(_scratch) { LogStart = _log.StartOffset };
        _map = new MapBuilder(latest, _transactions, _scratch);
        _filter = wrap(new BatchFilter(latest, _transactions, _scratch));
    }

    public PassCounts Counts { get; } = new();

    /// <returns>Up to where the log is compacted now.</returns>
    public async Task<long> RunAsync()
    {
        await MapAsync().ConfigureAwait(false);
        var end = _latest.LatestOffset + 1;
        _filter.Producers = await ProducerEnds.AtAsync(_target, _survey.Segments, _survey.Range.FirstUncleanableOffset).ConfigureAwait(false);
        var compaction = _log.Settings.Compaction;
        _filter.Begin(new PassRules(_log.Disk.Now, compaction.DeleteRetention, _survey.Range.FirstUncleanableOffset), Counts);
        _transactions.Clear();

        var count = 0;
        while (count < _survey.Facts.Length - 1 && _survey.Facts[count].BaseOffset < end) count++;
        var settings = _log.Settings;
        var first = 0;
        foreach (var size in SegmentGroups.Of(_survey.WithIndexes(count), settings.SegmentBytes, settings.SegmentIndexBytes))
        {
            await RewriteAsync(first, size, settings.IndexIntervalBytes).ConfigureAwait(false);
            first += size;
        }

        return end;
    }

    public void Dispose()
    {
        _filter.Dispose();
        _output.Dispose();
        _scratch.Dispose();
        _chunks.Dispose();
    }

    private async Task MapAsync()
    {
        var (from, end) = (_survey.Range.FirstDirtyOffset, _survey.Range.FirstUncleanableOffset);
        _latest.Begin(end - from);
        _map.Start = from;
        for (var i = _survey.Segments.IndexOf(from); _survey.Facts[i].BaseOffset < end; i++)
        {
            var segment = _survey.Segments[i];
            Expect(Math.Max(from, segment.BaseOffset), _survey.Facts[i].EndOffset);
            var file = segment.File.Hold();
            try
            {
                var (position, offset) = (segment.Indexes.Offsets.Lookup(from).Position, segment.BaseOffset);
                while (position < segment.Length)
                {
                    CheckUnchanged();
                    var isRead = Map(file, segment.Length, ref position, ref offset, out var read);
                    await _throttle.TakeAsync(read, _stop).ConfigureAwait(false);
                    if (!isRead) return;
                }
            }
            finally
            {
                segment.File.LetGo();
                _chunks.Shrink();
            }

            // Offsets may be missing at its end.
            _latest.Cover(_survey.Facts[i].EndOffset - 1);
        }
    }

    /// <returns>False where the map is full.</returns>
    private bool Map(IFile file, int length, ref int position, ref long offset, out int read)
    {
        var batches = new BatchReader(_chunks.Read(file, position, length, offset));
        var from = position;
        read = 0;
        try
        {
            while (batches.MoveNext())
            {
                position = from + batches.Position;
                var batch = batches.Current;
                offset = batch.BaseOffset;
                read = batches.Position + batch.Bytes.Length;
                Counts.BytesMapped += batch.Bytes.Length;
                if (!_map.Add(batch)) return false;
                offset = batch.LastOffset + 1;
            }
        }
        catch (InvalidBatchException invalid)
        {
            throw new LogDamageException(file.Path, position, offset, invalid.Message, invalid);
        }

        position = from + read;
        return true;
    }

    private async Task RewriteAsync(int first, int count, int indexInterval)
    {
        // The last batch of the new segment is the last one of the last original that has any.
        var last = first + count - 1;
        while (last >= first && _survey.Segments[last].Length == 0) last--;
        if (last < first) return;

        var cleaned = new CleanedSegment(_log.Disk, _log.Folder, _survey.Segments[first].BaseOffset, indexInterval);
        try
        {
            _transactions.Kept = cleaned.Indexes.Transactions;
            for (var i = first; i <= last; i++) await FilterAsync(i, i == last, cleaned).ConfigureAwait(false);
            cleaned.Complete();
            var originals = _survey.Segments.All.Slice(first, count).ToArray();
            var end = _survey.Facts[first + count - 1].EndOffset;
            await _target.OnWriter(() => SegmentSwap.Run(_log, originals, cleaned, end, _survey.Generation)).ConfigureAwait(false);
            Counts.SegmentsRead += count;
            Counts.SegmentsWritten++;
        }
        catch
        {
            // Where the log has failed, what lies there is a start's to look at.
            if (_log.Fault is null) cleaned.Discard();
            throw;
        }
    }

    private async Task FilterAsync(int index, bool isLast, CleanedSegment cleaned)
    {
        var segment = _survey.Segments[index];
        Expect(segment.BaseOffset, _survey.Facts[index].EndOffset);
        var file = segment.File.Hold();
        try
        {
            var (position, offset) = (0, segment.BaseOffset);
            while (position < segment.Length)
            {
                CheckUnchanged();
                var read = Filter(file, segment.Length, position, ref offset, isLast);
                position += read;
                await _throttle.TakeAsync(read, _stop).ConfigureAwait(false);
                if (_output.Length == 0) continue;
                cleaned.Append(_output.WrittenSpan);
                Counts.BytesWritten += _output.Length;
                await _throttle.TakeAsync(_output.Length, _stop).ConfigureAwait(false);
                _output.Clear();
            }
        }
        finally
        {
            segment.File.LetGo();
            _chunks.Shrink();
        }
    }

    /// <returns>The bytes that were read.</returns>
    private int Filter(IFile file, int length, int position, ref long offset, bool isLast)
    {
        var bytes = _chunks.Read(file, position, length, offset);
        var batches = new BatchReader(bytes);
        try
        {
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                offset = batch.BaseOffset;
                var isLastOfSegment = isLast && position + batches.Position + batch.Bytes.Length == length;
                _filter.Filter(batch, isLastOfSegment, _output);
                offset = batch.LastOffset + 1;
            }
        }
        catch (InvalidBatchException invalid)
        {
            throw new LogDamageException(file.Path, position + batches.Position, offset, invalid.Message, invalid);
        }

        Counts.BytesRead += bytes.Length;
        return bytes.Length;
    }

    private void Expect(long from, long upTo)
    {
        var aborted = new List<AbortedTransaction>();
        _log.CollectAborted(from, upTo, aborted);
        _transactions.Expect(aborted);
    }

    /// <summary>What is not there any more need not be read to its end.</summary>
    private void CheckUnchanged()
    {
        _stop.ThrowIfCancellationRequested();
        if (_log.Fault is { } fault) throw new LogChangedException(_log.Name, fault.Reason);
        if (_log.Flushing.Generation != _survey.Generation) throw new LogChangedException(_log.Name, "it was truncated");
    }
}
