using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Client.Sharing;

/// <summary>
/// From the bytes of an answer to the records that were acquired. The broker says which offsets these are; more may be in the bytes, and
/// where compaction or a transaction's end left nothing, less.
/// </summary>
internal sealed class AcquiredDecoder(SharePartition partition, IReadOnlyList<ShareFetchResponse.Acquired> ranges, SpareBatches spare, long now)
{
    private readonly List<AcquiredRecord> _records = [];
    private int _range;
    private long _next = ranges.Count > 0 ? ranges[0].FirstOffset : long.MaxValue;

    public List<AcquiredBatch> Batches { get; } = [];

    /// <summary>Offsets that have no record.</summary>
    public List<AcknowledgedSpan> Gaps { get; } = [];

    /// <summary>Offsets that were not in the bytes, or could not be read: others may have more luck.</summary>
    public List<AcknowledgedSpan> Unread { get; } = [];

    /// <summary>Why something could not be read.</summary>
    public KafkaException? Failure { get; private set; }

    /// <param name="frame">The answer; it is retained for each batch.</param>
    /// <param name="bytes">The partition's part of it.</param>
    /// <param name="limit">Bytes that a batch may unpack to.</param>
    public void Run(AnswerFrame frame, ReadOnlyMemory<byte> bytes, int limit)
    {
        var batches = new BatchReader(bytes.Span);
        try
        {
            while (_range < ranges.Count && batches.MoveNext())
            {
                var found = batches.Current;
                if (found.LastOffset < _next) continue;
                found.EnsureChecksum();
                if (!found.Attributes.IsControl) Take(frame, bytes.Slice(batches.Position, found.Bytes.Length), found, limit);
                Pass(found.LastOffset + 1, Gaps);
            }
        }
        catch (InvalidBatchException damaged)
        {
            Failure = new KafkaException(ErrorCode.CorruptMessage, $"what was acquired at offset {_next} is damaged, and released again: {damaged.Message}", partition.Where.ToString(), damaged) { IsTransient = false };
        }

        Pass(long.MaxValue, Unread);
    }

    private void Take(AnswerFrame frame, ReadOnlyMemory<byte> bytes, in RecordBatch found, int limit)
    {
        var batch = spare.Rent();
        batch.Fill(partition.State, frame, bytes, 0, found, long.MaxValue, limit);
        _records.Clear();
        for (var i = 0; i < batch.Count && _range < ranges.Count; i++)
        {
            var offset = batch.OffsetOf(i);
            Pass(offset, Gaps);
            if (_range == ranges.Count || offset < _next) continue;
            _records.Add(new AcquiredRecord { Index = i, Offset = offset, DeliveryCount = ranges[_range].DeliveryCount, LockedAt = now });
            Step(offset + 1);
        }

        if (_records.Count == 0) spare.Return(batch);
        else Batches.Add(new AcquiredBatch(partition, batch, _records) { Held = _records.Count });
    }

    /// <summary>What was acquired below an offset and has not been met goes there.</summary>
    private void Pass(long offset, List<AcknowledgedSpan> missed)
    {
        while (_range < ranges.Count && _next < offset)
        {
            var last = Math.Min(ranges[_range].LastOffset, offset - 1);
            missed.Add(new AcknowledgedSpan(_next, last, ReferenceEquals(missed, Gaps) ? AcknowledgedSpan.Gap : (sbyte)Acknowledgement.Release));
            Step(last + 1);
        }
    }

    private void Step(long next)
    {
        _next = next;
        if (next <= ranges[_range].LastOffset) return;
        _range++;
        _next = _range < ranges.Count ? ranges[_range].FirstOffset : long.MaxValue;
    }
}
