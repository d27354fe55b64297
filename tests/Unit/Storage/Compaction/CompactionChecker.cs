using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>
/// Holds a log against everything that was appended to it: what may be missing, and what must not. Remembers from one look
/// to the next since when a tombstone is alone.
/// </summary>
internal sealed class CompactionChecker(long deleteRetention)
{
    private readonly Dictionary<long, long> _aloneSince = [];
    private long? _passSince;
    private bool _areSnapshotsLost;

    public CompactionHistory History { get; } = new();

    /// <summary>What was found, so that a test can tell that there was enough to find.</summary>
    public Dictionary<string, int> Seen { get; } = [];

    /// <summary>A pass begins, which may end in a crash: what it has done by then dates from now.</summary>
    public void PassBegins(long now) => _passSince ??= now;

    /// <summary>
    /// From now on of a producer only that is known which the log says. Compaction takes away what told of its last
    /// transaction's coordinator and time, as Kafka's does.
    /// </summary>
    public void SnapshotsAreLost() => _areSnapshotsLost = true;

    public void Check(PartitionLog log, long now, long compactedUpTo, long lastStable)
    {
        if (log.EndOffset != History.End) throw Fault($"the log ends at {log.EndOffset}, {History.End} was appended");
        if (log.StartOffset > History.Start) throw Fault($"the log begins at {log.StartOffset}, records below {History.Start} were deleted");
        var written = History.Records();
        var found = ReadAll(log);
        foreach (var record in found.Values)
        {
            if (!written.TryGetValue(record.Offset, out var original) || !original.IsSame(record)) throw Fault($"{record}, but {original} was written");
        }

        var since = _passSince ?? now;
        _passSince = null;
        CheckLatest(written, found, log.StartOffset, lastStable, since, now);
        CheckCommitted(log, written, found, lastStable);
        CheckCompacted(found, compactedUpTo);
        CheckTimes(log, found);
        CheckSegments(log);
        if (compactedUpTo > Math.Max(log.RecoveryPoint, log.StartOffset)) throw Fault($"compacted up to {compactedUpTo}, above the recovery point {log.RecoveryPoint}");
        CheckProducers(log);
    }

    private void CheckProducers(PartitionLog log)
    {
        var expected = History.Producers(log.StartOffset, _areSnapshotsLost);
        var actual = CompactionHistory.Show(log.Producers, log.StartOffset, _areSnapshotsLost);
        if (!expected.SequenceEqual(actual)) throw Fault($"producers:\n{string.Join('\n', actual)}\ninstead of\n{string.Join('\n', expected)}");
    }

    private void CheckLatest(SortedList<long, HistoryRecord> written, SortedList<long, HistoryRecord> found, long start, long lastStable, long since, long now)
    {
        var latest = new Dictionary<string, HistoryRecord>();
        var oldest = new Dictionary<string, long>();
        foreach (var record in written.Values)
        {
            if (record.Offset >= lastStable && record.Offset >= start && !found.ContainsKey(record.Offset)) throw Fault($"{record} is gone from above the last stable offset {lastStable}");
            if (record.Fate != RecordFate.Visible || record.Key.Length == 0) continue;
            latest[record.Key] = record;
            // Also where a later one is there: that may be truncated away.
            if (record.IsTombstone && !oldest.ContainsKey(record.Key)) _aloneSince.TryAdd(record.Offset, since);
            else _aloneSince.Remove(record.Offset);
            if (found.ContainsKey(record.Offset)) oldest.TryAdd(record.Key, record.Offset);
        }

        foreach (var (key, record) in latest)
        {
            if (record.Offset < start || found.ContainsKey(record.Offset)) continue;
            if (!record.IsTombstone) throw Fault($"{record}, the latest of its key, is gone");
            if (!_aloneSince.TryGetValue(record.Offset, out var alone)) throw Fault($"{record} is gone before what it deletes, at {oldest[key]}");
            if (now - alone < deleteRetention) throw Fault($"{record} is gone {now - alone} ms after what it deletes");
            Note("tombstone gone");
        }
    }

    /// <summary>Reads as a consumer does that is to see what is committed.</summary>
    private void CheckCommitted(PartitionLog log, SortedList<long, HistoryRecord> written, SortedList<long, HistoryRecord> found, long lastStable)
    {
        var visible = new HashSet<long>();
        using var scratch = new PooledBuffer();
        for (var offset = log.StartOffset; offset < lastStable;)
        {
            var bytes = Read(log, offset, lastStable);
            if (bytes.Length == 0) break;
            var (from, skipped) = (offset, new HashSet<long>());
            var aborted = new List<AbortedTransaction>();
            offset = Batches(bytes)[^1].Last + 1;
            log.CollectAborted(from, offset, aborted);
            aborted.Sort(static (one, other) => one.FirstOffset.CompareTo(other.FirstOffset));
            var batches = new BatchReader(bytes);
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                for (; aborted.Count > 0 && aborted[0].FirstOffset <= batch.LastOffset; aborted.RemoveAt(0)) skipped.Add(aborted[0].ProducerId);
                var records = batch.GetRecords(scratch);
                if (batch.Attributes.IsControl)
                {
                    if (records.MoveNext() && TransactionMarker.TryRead(records, out var marker) && marker.Type == ControlRecordType.Abort) skipped.Remove(batch.ProducerId);
                    continue;
                }

                if (batch.Attributes.IsTransactional && skipped.Contains(batch.ProducerId)) continue;
                while (records.MoveNext()) visible.Add(batch.BaseOffset + records.OffsetDelta);
            }
        }

        foreach (var offset in visible)
        {
            if (written[offset].Fate != RecordFate.Visible) throw Fault($"{written[offset]} is shown to readers of what is committed");
        }

        foreach (var record in found.Values)
        {
            if (record.Offset < lastStable && written[record.Offset].Fate == RecordFate.Visible && !visible.Contains(record.Offset)) throw Fault($"{record} is committed, and hidden");
        }
    }

    /// <summary>Below the checkpoint no key is there twice: else a tombstone would go before what it deletes.</summary>
    private void CheckCompacted(SortedList<long, HistoryRecord> found, long compactedUpTo)
    {
        var keys = new HashSet<string>();
        foreach (var record in found.Values)
        {
            if (record.Offset >= compactedUpTo) break;
            if (record.Key.Length == 0) throw Fault($"{record} has no key and lies below {compactedUpTo}, up to where the log is compacted");
            if (!keys.Add(record.Key)) throw Fault($"{record} is not the first of its key below {compactedUpTo}, up to where the log is compacted");
        }

        Note(compactedUpTo > 0 ? "compacted" : "not compacted");
    }

    /// <summary>Whoever comes to the end of a segment has come to the beginning of the next, whatever was dropped before it.</summary>
    private static void CheckSegments(PartitionLog log)
    {
        var segments = log.Segments;
        for (var i = 1; i < segments.Count; i++)
        {
            var next = segments[i].BaseOffset;
            if (next <= log.StartOffset) continue;
            var last = Batches(Read(log, next - 1, next));
            if (last.Count == 0 || last[0].Last != next - 1) throw Fault($"the segment at {segments[i - 1].BaseOffset} ends before the one at {next} begins");
        }
    }

    private static void CheckTimes(PartitionLog log, SortedList<long, HistoryRecord> found)
    {
        // Some of them: each is a search.
        for (var i = 0; i < found.Count; i += 1 + found.Count / 8)
        {
            var record = found.GetValueAtIndex(i);
            if (log.FindTimestamp(record.Timestamp) is not { } result) throw Fault($"no record of the time {record.Timestamp}, but there is {record}");
            if (result.Offset > record.Offset) throw Fault($"the first record of the time {record.Timestamp} is {result.Offset}, but there is {record}");
        }
    }

    private static SortedList<long, HistoryRecord> ReadAll(PartitionLog log)
    {
        var found = new SortedList<long, HistoryRecord>();
        using var scratch = new PooledBuffer();
        var next = log.StartOffset;
        while (next < log.EndOffset)
        {
            var bytes = Read(log, next, log.EndOffset);
            if (bytes.Length == 0) throw Fault($"nothing can be read at {next}, below the end {log.EndOffset}");
            var batches = new BatchReader(bytes);
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                batch.EnsureChecksum();
                next = batch.LastOffset + 1;
                if (batch.Attributes.IsControl) continue;
                var records = batch.GetRecords(scratch);
                while (records.MoveNext())
                {
                    var record = HistoryRecord.Of(batch, records);
                    if (found.Count > 0 && record.Offset <= found.GetKeyAtIndex(found.Count - 1)) throw Fault($"{record} behind {found.GetKeyAtIndex(found.Count - 1)}");
                    if (record.Offset >= log.StartOffset) found.Add(record.Offset, record);
                }
            }
        }

        return found;
    }

    /// <summary>Whole batches from an offset on; none where there are none.</summary>
    private static byte[] Read(PartitionLog log, long offset, long upTo)
    {
        var read = log.Read(offset, 900, upTo);
        if (read.Outcome != LogReadOutcome.Read) throw Fault($"a read at {offset}: {read.Outcome}, {log.DamageAt(offset)}");
        using var slice = read.Slice;
        var bytes = new byte[slice.Length];
        slice.Read(0, bytes);
        var batches = Batches(bytes);
        return batches.Count == 0 ? [] : bytes[..batches[^1].End];
    }

    private static List<(long Last, int End)> Batches(byte[] bytes)
    {
        var found = new List<(long, int)>();
        var batches = new BatchReader(bytes);
        while (batches.MoveNext()) found.Add((batches.Current.LastOffset, batches.Position + batches.Current.Bytes.Length));
        return found;
    }

    private void Note(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;

    private static InvalidDataException Fault(string what) => new(what);
}
