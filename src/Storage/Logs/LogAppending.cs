using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>
/// The appends of one log: what the producers' states say, where the batch goes, the write, and what becomes visible by it.
/// Belongs to the log's writer.
/// </summary>
/// <param name="log">Whose.</param>
/// <param name="checkpoints">Are made between two appends.</param>
/// <param name="jitter">Taken off the time after which a segment ends.</param>
internal sealed class LogAppending(PartitionLog log, LogCheckpointing checkpoints, long jitter)
{
    public AppendResult Append(Span<byte> batch, int leaderEpoch, AppendOrigin origin, VerificationGuard guard)
    {
        var view = RecordBatch.Read(batch);
        if (log.Fault is not null) return AppendResult.Of(AppendOutcome.Offline);
        if (!view.HasProducerId) return Write(batch, view, leaderEpoch);
        var produced = ProducedBatch.At(view, log.EndOffset);
        var check = log.Producers.Check(produced, origin, guard);
        if (check.Outcome == ProducerOutcome.OutOfOrder && BatchRecall.TryRun(log, produced)) check = log.Producers.Check(produced, origin, guard);
        if (!check.IsNew) return AppendResult.Of(check);
        var result = Write(batch, view, leaderEpoch);
        if (result.Outcome == AppendOutcome.Appended) log.Producers.Apply(produced);
        return result;
    }

    public AppendResult AppendMarker(Span<byte> batch, int leaderEpoch, bool bumpsEpoch)
    {
        var view = RecordBatch.Read(batch);
        if (log.Fault is not null) return AppendResult.Of(AppendOutcome.Offline);
        using var scratch = new PooledBuffer(16);
        if (!TransactionEnd.TryRead(view, log.EndOffset, scratch, out var end))
            throw new ArgumentException("a batch that ends no transaction", nameof(batch));
        var check = log.Producers.Check(end, bumpsEpoch);
        if (!check.IsNew) return AppendResult.Of(check);
        var result = Write(batch, view, leaderEpoch);
        if (result.Outcome == AppendOutcome.Appended) Apply(end);
        return result;
    }

    public AppendResult AppendAsFollower(ReadOnlySpan<byte> batch)
    {
        var view = RecordBatch.Read(batch);
        if (log.Fault is not null) return AppendResult.Of(AppendOutcome.Offline);
        if (view.BaseOffset < log.EndOffset)
            throw new ArgumentException($"a batch at offset {view.BaseOffset} behind the end {log.EndOffset} of {log.Name}: truncate first", nameof(batch));
        var result = Write(view, view.BaseOffset, view.LeaderEpoch);
        if (result.Outcome != AppendOutcome.Appended || !view.HasProducerId) return result;
        if (!view.Attributes.IsControl) log.Producers.Apply(ProducedBatch.Of(view));
        else ApplyMarker(view);
        return result;
    }

    private AppendResult Write(Span<byte> batch, RecordBatch view, int leaderEpoch)
    {
        if (leaderEpoch < log.LowestEpoch)
            throw new ArgumentOutOfRangeException(nameof(leaderEpoch), leaderEpoch, $"{log.Name} was not stopped in order: its leader's epoch is {log.LowestEpoch} at least");
        BatchPatch.SetOffsetAndEpoch(batch, log.EndOffset, leaderEpoch);
        return Write(view, log.EndOffset, leaderEpoch);
    }

    private AppendResult Write(RecordBatch view, long baseOffset, int leaderEpoch)
    {
        var size = view.Bytes.Length;
        var lastOffset = baseOffset + view.LastOffsetDelta;
        if (size > log.Settings.SegmentBytes) return AppendResult.Of(AppendOutcome.TooLarge);
        // Before the write and not behind it, where the producers do not know of the batch yet.
        if (checkpoints.IsDueByBytes && !log.TryCheckpoint()) checkpoints.Postpone();
        LogSegment segment;
        LogSegment? writing = null;
        int position;
        try
        {
            segment = SegmentFor(size, lastOffset, view.MaxTimestamp);
            // Durable before the batch is visible, since whoever reads it learns its epoch.
            log.Epochs.Assign(leaderEpoch, baseOffset);
            log.FlushCut(segment);
            position = segment.Length;
            var file = segment.BeginWrite();
            writing = segment;
            segment.Write(file, view.Bytes);
        }
        catch (DiskException failure)
        {
            log.Refused(failure);
            if (writing is not null) log.Flushing.CutBack(writing);
            return AppendResult.Of(failure.Fault == DiskFault.Full ? AppendOutcome.DiskFull : AppendOutcome.DiskFailed);
        }
        catch (IOException failure) when (failure is UncutWriteException or LogDamageException)
        {
            writing?.EndWrite();
            log.Fail(new LogFault($"{log.Name} takes no more appends: {failure.Message}; look at the disk, then start again", failure));
            return AppendResult.Of(AppendOutcome.Offline);
        }

        segment.Index(position, size, lastOffset, view.MaxTimestamp, log.Settings.IndexIntervalBytes);
        segment.Publish(position + size);
        log.Published(lastOffset + 1);
        log.Producers.AdvanceTo(lastOffset + 1);
        checkpoints.Appended(size);
        log.Flushing.Appended(new LogMark(lastOffset + 1, segment, position + size), log.Settings);
        segment.EndWrite();
        return new AppendResult(AppendOutcome.Appended, baseOffset, lastOffset);
    }

    private LogSegment SegmentFor(int size, long lastOffset, long timestamp)
    {
        var last = log.Segments.Last;
        last.GetReady();
        if (!MustRoll(last, size, lastOffset, timestamp)) return last;
        log.Roll();
        return log.Segments.Last;
    }

    private bool MustRoll(LogSegment last, int size, long lastOffset, long timestamp)
    {
        if (last.Length == 0) return false;
        var settings = log.Settings;
        if (last.Length > settings.SegmentBytes - size || lastOffset - last.BaseOffset > int.MaxValue) return true;
        if (last.Indexes.Offsets.Length >= settings.SegmentIndexBytes - OffsetIndex.EntrySize) return true;
        var first = last.FirstTimestamp;
        var age = first >= 0 && timestamp >= 0 ? timestamp - first : log.Disk.Now - last.Created;
        return age > settings.SegmentMilliseconds - jitter;
    }

    private void ApplyMarker(RecordBatch batch)
    {
        using var scratch = new PooledBuffer(16);
        if (TransactionEnd.TryRead(batch, batch.BaseOffset, scratch, out var end)) Apply(end);
    }

    private void Apply(in TransactionEnd end)
    {
        if (log.Producers.Apply(end) is not { IsAborted: true } ended) return;
        log.Segments.Last.Indexes.Transactions.Add(
            new AbortedTransaction(ended.ProducerId, ended.FirstOffset, ended.LastOffset, ended.LastStableOffset));
    }
}
