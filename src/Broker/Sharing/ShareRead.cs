using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Sharing;

/// <summary>Reads the log where a machine wants to go on, gives it the batches, and keeps of them what was acquired.</summary>
internal sealed class ShareRead(Partition partition, SharePartitionMachine machine)
{
    // More is had by the next fetch: whoever wants few records is not to have much looked at.
    private const int MostBytes = 1 << 20;

    private readonly List<ReadBatch> _batches = [];
    private readonly List<int> _ends = [];
    private readonly List<AbortedTransaction> _aborted = [];
    private readonly ShareKeys _keys = new();

    public void Run(PartitionLog log, ShareTake take, bool isCommitted, long now)
    {
        try
        {
            while (Step(log, take, isCommitted, now))
            {
            }
        }
        catch (IOException) when (partition.HasReplaced(log))
        {
            // It lies in another folder since: whoever waits looks again.
        }
        catch (LogDamageException damage)
        {
            take.Fault = new ShareFault(ErrorCode.CorruptMessage, damage.Message);
        }
        catch (IOException fault)
        {
            take.Fault = new ShareFault(ErrorCode.KafkaStorageError, fault.Message);
        }
    }

    /// <summary>How much lies where the machine wants to go on; some of it may be somebody's.</summary>
    public int Measure(PartitionLog log, int maxBytes, bool isCommitted)
    {
        machine.StartMoved(log.StartOffset);
        if (!machine.CanAcquire()) return 0;
        try
        {
            var read = log.Read(machine.Next(), maxBytes, isCommitted ? partition.LastStableOffset : partition.HighWatermark, wholeBatch: true);
            if (read.Outcome != LogReadOutcome.Read) return 0;
            read.Slice.Dispose();
            return read.Slice.Length;
        }
        catch (IOException)
        {
            // Who takes is told.
            return maxBytes;
        }
    }

    /// <returns>Whether to go on: nothing was there to be acquired, but what follows may be.</returns>
    private bool Step(PartitionLog log, ShareTake take, bool isCommitted, long now)
    {
        machine.StartMoved(log.StartOffset);
        if (!machine.CanAcquire()) return false;
        var from = machine.Next();
        var upTo = isCommitted ? partition.LastStableOffset : partition.HighWatermark;
        var read = log.Read(from, Math.Min(take.MaxBytes, MostBytes), upTo, wholeBatch: take.IsFirst);
        if (read.Outcome == LogReadOutcome.Damaged) take.Fault = new ShareFault(ErrorCode.CorruptMessage, $"{partition.Name} is damaged at offset {from}");
        // Below its start the log may have moved on just now.
        if (read.Outcome == LogReadOutcome.OutOfRange) return from < log.StartOffset;
        if (read.Outcome != LogReadOutcome.Read) return false;
        var kept = false;
        try
        {
            var keys = machine.Unknown == long.MaxValue ? null : KeysIn(read.Slice);
            Look(read.Slice, log, from, isCommitted ? upTo : -1, keys is null ? take.Limits.MaxRecords : long.MaxValue);
            if (_batches.Count == 0) return false;
            take.Count = machine.Acquire(take.Member, from, CollectionsMarshal.AsSpan(_batches), take.Limits, now, take.Ranges, keys);
            if (take.Count == 0) return machine.Next() > from;
            take.Records = SliceHolder.Of(Cut(read.Slice, take.Ranges[0].First, take.Ranges[^1].Last));
            kept = true;
            return false;
        }
        finally
        {
            if (!kept) read.Slice.Dispose();
        }
    }

    private KeysOf KeysIn(LogSlice slice) => batch => _keys.Of(slice, batch == 0 ? 0 : _ends[batch - 1], _ends[batch]);

    /// <param name="slice">What was read.</param>
    /// <param name="log">Knows which transactions were aborted.</param>
    /// <param name="from">Where the machine wants to go on.</param>
    /// <param name="decidedUpTo">Of transactions; -1 where they do not count.</param>
    /// <param name="enough">With so many records that were never given to anybody the machine asks for no more.</param>
    private void Look(in LogSlice slice, PartitionLog log, long from, long decidedUpTo, long enough)
    {
        var (end, fresh) = (Math.Max(machine.End, from - 1), 0L);
        _batches.Clear();
        _ends.Clear();
        _aborted.Clear();
        if (decidedUpTo >= 0) log.CollectAborted(from, decidedUpTo, _aborted);
        Span<byte> header = stackalloc byte[BatchLayout.HeaderSize];
        for (var position = 0; fresh < enough && slice.Read(position, header) == header.Length;)
        {
            var size = RecordBatch.SizeOf(header);
            if (position + size > slice.Length) return;
            var first = BinaryPrimitives.ReadInt64BigEndian(header);
            var last = first + BinaryPrimitives.ReadInt32BigEndian(header[BatchLayout.LastOffsetDelta..]);
            position += size;
            var isSkipped = IsSkipped(header, first);
            _batches.Add(new ReadBatch(first, last, isSkipped));
            _ends.Add(position);
            if (!isSkipped) fresh += Math.Max(0, last - Math.Max(first - 1, end));
        }
    }

    private bool IsSkipped(ReadOnlySpan<byte> header, long first)
    {
        var attributes = new BatchAttributes(BinaryPrimitives.ReadInt16BigEndian(header[BatchLayout.Attributes..]));
        if (attributes.IsControl) return true;
        if (!attributes.IsTransactional || _aborted.Count == 0) return false;
        var producer = BinaryPrimitives.ReadInt64BigEndian(header[BatchLayout.ProducerId..]);
        foreach (var aborted in _aborted)
        {
            if (aborted.ProducerId == producer && aborted.FirstOffset <= first && first <= aborted.LastOffset) return true;
        }

        return false;
    }

    /// <summary>The batches that offsets lie in, and what lies between.</summary>
    private LogSlice Cut(in LogSlice slice, long first, long last)
    {
        var (begin, end) = (0, 0);
        for (var i = 0; i < _batches.Count && _batches[i].First <= last; i++)
        {
            if (_batches[i].Last < first) begin = _ends[i];
            end = _ends[i];
        }

        return slice.Part(begin, end - begin);
    }
}
