using System.Runtime.CompilerServices;

namespace Moldau.Storage.Producers;

/// <summary>What one producer last did in one partition.</summary>
public sealed class ProducerState
{
    public const short NoEpoch = -1;
    public const int NoSequence = -1;
    public const int NoCoordinatorEpoch = -1;
    public const long NoOffset = -1;

    /// <summary>As many as a producer may have in flight and still be idempotent.</summary>
    public const int RetainedBatches = 5;

    private Ring _batches;
    private int _oldest;

    internal ProducerState(long producerId) => ProducerId = producerId;

    public long ProducerId { get; }

    public short Epoch { get; private set; } = NoEpoch;

    /// <summary>That of the last marker; older coordinators are fenced by it.</summary>
    public int CoordinatorEpoch { get; private set; } = NoCoordinatorEpoch;

    public long LastTimestamp { get; private set; } = -1;

    /// <summary>Where its open transaction begins; <see cref="NoOffset"/> where none is open.</summary>
    public long TransactionOffset { get; private set; } = NoOffset;

    public bool InTransaction => TransactionOffset >= 0;

    public int BatchCount { get; private set; }

    public int LastSequence => BatchCount == 0 ? NoSequence : Newest.LastSequence;

    public long LastOffset => BatchCount == 0 ? NoOffset : Newest.LastOffset;

    /// <summary>That of the last batch; 0 where there is none.</summary>
    public int LastOffsetDelta => BatchCount == 0 ? 0 : Newest.OffsetDelta;

    /// <summary>The sequence that follows the last one; 0 behind the largest, and where there is no batch.</summary>
    public int NextSequence => LastSequence == int.MaxValue ? 0 : LastSequence + 1;

    private ref readonly RecentBatch Newest => ref _batches[Slot(BatchCount - 1)];

    /// <summary>The batches that are remembered, the oldest first.</summary>
    public RecentBatch BatchAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)BatchCount, nameof(index));
        return _batches[Slot(index)];
    }

    internal bool TryFindDuplicate(in ProducedBatch batch, out RecentBatch earlier)
    {
        if (batch.Epoch == Epoch)
        {
            for (var i = 0; i < BatchCount; i++)
            {
                ref readonly var recent = ref _batches[Slot(i)];
                if (recent.LastSequence != batch.LastSequence || recent.BaseSequence != batch.BaseSequence) continue;
                earlier = recent;
                return true;
            }
        }

        earlier = default;
        return false;
    }

    internal void Add(in ProducedBatch batch)
    {
        MoveTo(batch.Epoch);
        Remember(new RecentBatch(batch.LastSequence, batch.LastOffset, (int)(batch.LastOffset - batch.BaseOffset), batch.MaxTimestamp));
        LastTimestamp = batch.MaxTimestamp;
    }

    internal void BeginTransaction(long offset) => TransactionOffset = offset;

    internal void EndTransaction(in TransactionEnd end)
    {
        MoveTo(end.Epoch);
        CoordinatorEpoch = end.CoordinatorEpoch;
        LastTimestamp = end.Timestamp;
        TransactionOffset = NoOffset;
    }

    /// <summary>
    /// Whether batches before the oldest one that is remembered may lie in the log: a snapshot keeps only the last, as
    /// Kafka's does. They are looked for when one of them seems to come again, once.
    /// </summary>
    internal bool MayHaveForgotten { get; private set; }

    /// <summary>Whether a batch of this epoch ends before the oldest one that is remembered begins.</summary>
    internal bool IsBeforeAll(in ProducedBatch batch)
    {
        if (!MayHaveForgotten || BatchCount == 0 || batch.Epoch != Epoch || batch.BaseSequence < 0) return false;
        var ahead = (BatchAt(0).BaseSequence - batch.LastSequence) & int.MaxValue;
        return ahead is > 0 and < int.MaxValue / 2;
    }

    /// <summary>What was found of them, the oldest first; what there is no room for is forgotten for good.</summary>
    internal void Recall(IReadOnlyList<RecentBatch> earlier)
    {
        MayHaveForgotten = false;
        var known = new List<RecentBatch>(RetainedBatches);
        for (var i = Math.Max(0, earlier.Count - (RetainedBatches - BatchCount)); i < earlier.Count; i++) known.Add(earlier[i]);
        for (var i = 0; i < BatchCount; i++) known.Add(BatchAt(i));
        BatchCount = 0;
        _oldest = 0;
        foreach (var batch in known) Remember(batch);
    }

    /// <summary>As a snapshot says it, which keeps only the last batch.</summary>
    internal static ProducerState Restore(
        long producerId, short epoch, int coordinatorEpoch, long timestamp, long transactionOffset, RecentBatch? last)
    {
        var state = new ProducerState(producerId)
        {
            Epoch = epoch,
            CoordinatorEpoch = coordinatorEpoch,
            LastTimestamp = timestamp,
            TransactionOffset = transactionOffset < 0 ? NoOffset : transactionOffset,
            MayHaveForgotten = last is not null,
        };
        if (last is { } batch) state.Remember(batch);
        return state;
    }

    /// <summary>Sequences start anew with an epoch, so batches of another one can be no duplicates.</summary>
    private void MoveTo(short epoch)
    {
        if (epoch == Epoch) return;
        Epoch = epoch;
        BatchCount = 0;
        _oldest = 0;
        MayHaveForgotten = false;
    }

    private void Remember(RecentBatch batch)
    {
        if (BatchCount < RetainedBatches)
        {
            _batches[Slot(BatchCount++)] = batch;
            return;
        }

        // More than are remembered have come since: what was forgotten would be by now.
        MayHaveForgotten = false;
        _batches[_oldest] = batch;
        _oldest = Slot(1);
    }

    private int Slot(int index)
    {
        var slot = _oldest + index;
        return slot < RetainedBatches ? slot : slot - RetainedBatches;
    }

    [InlineArray(RetainedBatches)]
    private struct Ring
    {
        private RecentBatch _first;
    }
}
