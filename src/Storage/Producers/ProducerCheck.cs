using System.Runtime.CompilerServices;
using Moldau.Protocol.Errors;

namespace Moldau.Storage.Producers;

/// <summary>The decision over one batch, and what its answer or its refusal needs; made without allocation.</summary>
public readonly record struct ProducerCheck
{
    private ProducerCheck(ProducerOutcome outcome, short knownEpoch, int expected, RecentBatch earlier)
    {
        Outcome = outcome;
        KnownEpoch = knownEpoch;
        Expected = expected;
        Earlier = earlier;
    }

    public ProducerOutcome Outcome { get; }

    /// <summary>The producer's epoch in this log; -1 where it is not known.</summary>
    public short KnownEpoch { get; }

    /// <summary>The sequence that was expected, or for a marker the coordinator epoch known so far.</summary>
    public int Expected { get; }

    /// <summary>Of a duplicate: the batch as it was appended, whose offsets and timestamp are the answer.</summary>
    public RecentBatch Earlier { get; }

    public bool IsNew => Outcome == ProducerOutcome.New;

    public bool IsDuplicate => Outcome == ProducerOutcome.Duplicate;

    /// <summary>The error on the wire; a duplicate is none.</summary>
    public ErrorCode Error => Outcome switch
    {
        ProducerOutcome.New or ProducerOutcome.Duplicate => ErrorCode.None,
        ProducerOutcome.StaleEpoch => ErrorCode.InvalidProducerEpoch,
        ProducerOutcome.NotVerified or ProducerOutcome.OutsideTransaction => ErrorCode.InvalidTxnState,
        ProducerOutcome.StaleCoordinator => ErrorCode.TransactionCoordinatorFenced,
        _ => ErrorCode.OutOfOrderSequenceNumber,
    };

    internal static ProducerCheck New => default;

    internal static ProducerCheck DuplicateOf(in RecentBatch earlier, short epoch) => new(ProducerOutcome.Duplicate, epoch, 0, earlier);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ProducerCheck Refused(ProducerOutcome outcome, ProducerState? state, int expected = 0) =>
        new(outcome, state?.Epoch ?? ProducerState.NoEpoch, expected, default);
}
