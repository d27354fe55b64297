using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Moldau.Storage.Producers;

/// <summary>
/// What all producers last did in one partition, and which transactions are open in it. A leader asks
/// <see cref="Check(in ProducedBatch, AppendOrigin, VerificationGuard)"/> before it writes, which changes nothing, and calls
/// <see cref="Apply(in ProducedBatch)"/> once the bytes are in the log; a follower and recovery only apply.
/// Belongs to the log's one writer. There is no clock in it: times come with the calls.
/// </summary>
public sealed class ProducerStates
{
    private readonly Dictionary<long, ProducerState> _producers = [];
    private readonly TransactionSpans _open = new();
    private readonly TransactionSpans _unreplicated = new();
    private readonly Verifications _verifications = new();

    // Batches come in runs of one producer, and every append asks twice.
    private ProducerState? _recent;

    /// <summary>Whether a transaction's first batch needs a <see cref="VerificationGuard"/>.</summary>
    public bool VerifiesTransactions { get; set; } = true;

    public int Count => _producers.Count;

    public Dictionary<long, ProducerState>.ValueCollection Producers => _producers.Values;

    /// <summary>Up to here the log is contained in the states.</summary>
    public long EndOffset { get; private set; }

    /// <summary>
    /// Where the first transaction begins that is open, or whose end may not be on every replica yet: consumers that read
    /// what is committed stop there. Null where there is none.
    /// </summary>
    public long? FirstUnstableOffset
    {
        get
        {
            var (open, unreplicated) = (_open.FirstOffset, _unreplicated.FirstOffset);
            return open is null || unreplicated < open ? unreplicated : open;
        }
    }

    /// <summary>Where the first open transaction begins.</summary>
    public long? FirstUndecidedOffset => _open.FirstOffset;

    /// <summary>When the transaction that has been open longest last wrote; null where none is open.</summary>
    public long? OldestTransactionTimestamp => _open.Count > 0 && Find(_open.FirstProducer) is { } state ? state.LastTimestamp : null;

    public bool TryGet(long producerId, [NotNullWhen(true)] out ProducerState? state) => (state = Find(producerId)) is not null;

    public bool IsInTransaction(long producerId, short epoch) => IsOpen(Find(producerId), epoch);

    /// <summary>
    /// Draws the ticket that the first batch of a transaction needs, before the coordinator is asked about it. A further
    /// batch of the same transaction gets the same one.
    /// </summary>
    /// <param name="producerId">Whose transaction it is.</param>
    /// <param name="epoch">The producer's.</param>
    /// <param name="sequence">The first sequence of the batch.</param>
    /// <param name="startsAtZero">Whether the producer speaks the second protocol of transactions.</param>
    /// <param name="now">The time of day, in milliseconds.</param>
    /// <param name="guard">The ticket; none where the transaction is open here already.</param>
    /// <returns>New, or why the batch would be refused.</returns>
    public ProducerCheck BeginVerification(
        long producerId, short epoch, int sequence, bool startsAtZero, long now, out VerificationGuard guard)
    {
        guard = VerificationGuard.None;
        var state = Find(producerId);
        if (state is not null && epoch < state.Epoch) return ProducerCheck.Refused(ProducerOutcome.StaleEpoch, state);
        if (!IsOpen(state, epoch)) guard = _verifications.Begin(producerId, epoch, sequence, startsAtZero, now);
        return ProducerCheck.New;
    }

    /// <summary>Decides over a batch that a leader is about to append.</summary>
    public ProducerCheck Check(in ProducedBatch batch, AppendOrigin origin, VerificationGuard guard = default)
    {
        var state = Find(batch.ProducerId);
        if (origin == AppendOrigin.Client && state is not null && state.TryFindDuplicate(batch, out var earlier))
            return ProducerCheck.DuplicateOf(earlier, state.Epoch);
        if (batch.IsTransactional && VerifiesTransactions && !IsOpen(state, batch.Epoch) && !_verifications.Fits(batch.ProducerId, guard))
            return ProducerCheck.Refused(ProducerOutcome.NotVerified, state);
        if (state is not null && batch.Epoch < state.Epoch) return ProducerCheck.Refused(ProducerOutcome.StaleEpoch, state);
        if (origin == AppendOrigin.Client)
        {
            var sequence = CheckSequence(batch, state);
            if (!sequence.IsNew) return sequence;
        }

        return state is { InTransaction: true } && !batch.IsTransactional
            ? ProducerCheck.Refused(ProducerOutcome.OutsideTransaction, state)
            : ProducerCheck.New;
    }

    /// <summary>Decides over a marker that a leader is about to append.</summary>
    /// <param name="end">The marker.</param>
    /// <param name="bumpsEpoch">
    /// Whether its coordinator speaks the second protocol of transactions, which ends each one in an epoch above the data's.
    /// </param>
    public ProducerCheck Check(in TransactionEnd end, bool bumpsEpoch)
    {
        var state = Find(end.ProducerId);
        if (state is null) return ProducerCheck.New;
        if (end.Epoch < state.Epoch) return ProducerCheck.Refused(ProducerOutcome.StaleEpoch, state);
        if (bumpsEpoch && end.Epoch == state.Epoch)
        {
            // The marker again: fine where it has done its work. Epochs end at the largest, where there is no bump.
            var isRetry = !state.InTransaction || end.Epoch == short.MaxValue;
            if (!isRetry) return ProducerCheck.Refused(ProducerOutcome.StaleEpoch, state);
        }

        return end.CoordinatorEpoch < state.CoordinatorEpoch
            ? ProducerCheck.Refused(ProducerOutcome.StaleCoordinator, state, state.CoordinatorEpoch)
            : ProducerCheck.New;
    }

    /// <summary>The batch is in the log.</summary>
    public void Apply(in ProducedBatch batch)
    {
        var state = Find(batch.ProducerId) ?? Add(new ProducerState(batch.ProducerId));
        state.Add(batch);
        if (!batch.IsTransactional) return;
        _verifications.Remove(batch.ProducerId);
        if (state.InTransaction) return;
        state.BeginTransaction(batch.BaseOffset);
        _open.Add(new TransactionSpan(batch.ProducerId, batch.BaseOffset));
    }

    /// <summary>The marker is in the log.</summary>
    /// <returns>The transaction that it ended; null where none was open, which a repeated marker finds.</returns>
    public CompletedTransaction? Apply(in TransactionEnd end)
    {
        var state = Find(end.ProducerId) ?? Add(new ProducerState(end.ProducerId));
        var first = state.TransactionOffset;
        state.EndTransaction(end);
        _verifications.End(end.ProducerId, end.Epoch);
        if (first < 0) return null;
        _open.Remove(first);
        _unreplicated.Add(new TransactionSpan(end.ProducerId, first, end.Offset));
        var stable = _open.FirstOffsetOfOthers(end.ProducerId) ?? end.Offset + 1;
        return new CompletedTransaction(end.ProducerId, first, end.Offset, end.IsAbort, stable);
    }

    /// <summary>The states now hold the log up to here, whoever wrote it.</summary>
    public void AdvanceTo(long endOffset) => EndOffset = endOffset;

    /// <summary>Transactions whose markers lie below it are on every replica that counts.</summary>
    public void HighWatermarkMoved(long highWatermark) => _unreplicated.RemoveEndedBelow(highWatermark);

    public void LogStartMoved(long logStartOffset)
    {
        _unreplicated.RemoveEndedBelow(logStartOffset);
        if (EndOffset < logStartOffset) EndOffset = logStartOffset;
    }

    /// <summary>Forgets producers that have been silent for so long, except where a transaction is open.</summary>
    public void RemoveExpired(long now, long expirationMilliseconds)
    {
        foreach (var (id, state) in _producers)
        {
            if (!IsExpired(state, now, expirationMilliseconds)) continue;
            _producers.Remove(id);
            if (_recent == state) _recent = null;
        }

        _verifications.RemoveExpired(now, expirationMilliseconds);
    }

    /// <summary>Forgets everything; the log is applied again from the given offset on.</summary>
    public void Clear(long endOffset)
    {
        _producers.Clear();
        _recent = null;
        _open.Clear();
        _unreplicated.Clear();
        EndOffset = endOffset;
    }

    internal static bool IsExpired(ProducerState state, long now, long expirationMilliseconds) =>
        !state.InTransaction && now - state.LastTimestamp >= expirationMilliseconds;

    /// <summary>A state out of a snapshot.</summary>
    internal void Load(ProducerState state)
    {
        _producers[state.ProducerId] = state;
        _recent = null;
        if (state.InTransaction) _open.Add(new TransactionSpan(state.ProducerId, state.TransactionOffset));
    }

    private static bool IsOpen(ProducerState? state, short epoch) => state is { InTransaction: true } && state.Epoch == epoch;

    private ProducerCheck CheckSequence(in ProducedBatch batch, ProducerState? state)
    {
        if (_verifications.Find(batch.ProducerId) is { } verification)
        {
            if (verification.StartsAtZero && batch.BaseSequence != 0 && state is not { BatchCount: > 0 })
                return ProducerCheck.Refused(ProducerOutcome.TransactionNotFromZero, state);
            if (batch.BaseSequence > verification.LowestSequence)
                return ProducerCheck.Refused(ProducerOutcome.AboveVerified, state, verification.LowestSequence);
        }

        // A producer nobody remembers may have been forgotten: whatever it begins with is taken.
        if (state is null || state.Epoch == ProducerState.NoEpoch) return ProducerCheck.New;
        if (state.Epoch == batch.Epoch)
        {
            var next = state.NextSequence;
            return batch.BaseSequence == next ? ProducerCheck.New : ProducerCheck.Refused(ProducerOutcome.OutOfOrder, state, next);
        }

        return batch.BaseSequence == 0 ? ProducerCheck.New : ProducerCheck.Refused(ProducerOutcome.EpochNotFromZero, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ProducerState? Find(long producerId)
    {
        var recent = _recent;
        return recent is not null && recent.ProducerId == producerId ? recent : Search(producerId);
    }

    private ProducerState? Search(long producerId) => _producers.TryGetValue(producerId, out var state) ? _recent = state : null;

    private ProducerState Add(ProducerState state)
    {
        if (state.ProducerId < 0)
            throw new ArgumentOutOfRangeException(nameof(state), state.ProducerId, "a batch of no producer has no state; ask HasProducerId first");
        _producers.Add(state.ProducerId, state);
        return _recent = state;
    }
}
