using System.Buffers;
using Moldau.Broker.Partitions;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>
/// Reads dead letters from the log, a batch at a time, and gives them to a packer. What was aborted is let go of, what is not decided
/// waits, and what is no more is told as such.
/// </summary>
internal sealed class DeadLetterReading(Partition partition, PartitionLog log, DeadLetterPacker packer, bool copies)
{
    // So much of a batch that was packed too well is unpacked: far more than a topic takes.
    private const int MostUnpacked = 256 << 20;

    // The rest is for the next time.
    private const long MostBytes = 4 << 20;

    private const string Deleted = "retention or a deletion of records was faster than the copy";
    private const string Compacted = "compaction was faster than the copy";

    private readonly List<AbortedTransaction> _aborted = [];

    /// <summary>Of what was not given to the packer.</summary>
    public List<DeadLetterFate> Fates { get; } = [];

    public void Read(IReadOnlyList<DeadRange> dead)
    {
        foreach (var range in dead)
        {
            for (var at = range.First; at <= range.Last;)
            {
                if (packer.Bytes < MostBytes) at = Step(range, at);
                else break;
            }
        }

        packer.Flush();
    }

    /// <returns>From where to go on.</returns>
    private long Step(in DeadRange range, long at)
    {
        if (at < log.StartOffset) return Miss(range, at, Math.Min(range.Last, log.StartOffset - 1), Deleted);
        // It was on the system's side of the disk, and power has failed.
        if (at >= log.EndOffset) return Miss(range, at, range.Last, "the log ends before it");
        var stable = partition.LastStableOffset;
        var read = log.Read(at, 1, partition.HighWatermark, wholeBatch: true);
        if (read.Outcome == LogReadOutcome.OutOfRange) return at;
        if (read.Outcome == LogReadOutcome.Damaged) return Fate(at, range.Last, DeadLetterEnd.Failed, $"{partition.Name} is damaged at offset {at}; the broker's log says more");
        using var slice = read.Slice;
        if (slice.Length == 0) return Fate(at, range.Last, DeadLetterEnd.Undecided);
        var bytes = ArrayPool<byte>.Shared.Rent(slice.Length);
        try
        {
            var size = slice.Read(0, bytes.AsSpan(0, slice.Length));
            return Take(range, at, RecordBatch.Read(bytes.AsSpan(0, size)), stable);
        }
        catch (InvalidBatchException damage)
        {
            return Fate(at, range.Last, DeadLetterEnd.Failed, $"{partition.Name} is damaged at offset {at}: {damage.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private long Take(in DeadRange range, long at, RecordBatch batch, long stable)
    {
        var last = Math.Min(range.Last, batch.LastOffset);
        if (batch.BaseOffset > at) return Miss(range, at, Math.Min(range.Last, batch.BaseOffset - 1), Compacted);
        if (batch.Attributes.IsControl) return Fate(at, last, DeadLetterEnd.LetGo);
        if (batch.Attributes.IsTransactional)
        {
            if (batch.BaseOffset >= stable) return Fate(at, last, DeadLetterEnd.Undecided);
            if (IsAborted(batch, stable)) return Fate(at, last, DeadLetterEnd.LetGo);
        }

        using var scratch = new PooledBuffer(batch.Bytes.Length, MostUnpacked);
        var records = batch.GetRecords(scratch);
        while (at <= last && records.MoveNext())
        {
            var offset = batch.BaseOffset + records.OffsetDelta;
            if (offset < at) continue;
            at = Miss(range, at, Math.Min(last, offset - 1), Compacted);
            if (at > last) return at;
            if (copies) packer.Add(range, offset, records, TimeOf(batch, records));
            else packer.AddPointer(range, offset, null);
            at = offset + 1;
        }

        return Miss(range, at, last, Compacted);
    }

    private static long TimeOf(RecordBatch batch, RecordReader record) =>
        batch.Attributes.IsLogAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + record.TimestampDelta;

    private bool IsAborted(RecordBatch batch, long stable)
    {
        _aborted.Clear();
        log.CollectAborted(batch.BaseOffset, stable, _aborted);
        foreach (var aborted in _aborted)
        {
            if (aborted.ProducerId == batch.ProducerId && aborted.FirstOffset <= batch.BaseOffset && batch.BaseOffset <= aborted.LastOffset) return true;
        }

        return false;
    }

    private long Miss(in DeadRange range, long first, long last, string why)
    {
        for (var offset = first; offset <= last; offset++) packer.AddPointer(range, offset, copies ? why : null);
        return Math.Max(first, last + 1);
    }

    private long Fate(long first, long last, DeadLetterEnd end, string? reason = null)
    {
        Fates.Add(new DeadLetterFate(first, last, end, reason));
        return last + 1;
    }
}
