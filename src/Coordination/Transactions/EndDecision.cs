using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Transactions;

/// <summary>What an EndTxn means where the transactional id stands as it does.</summary>
internal readonly record struct EndDecision
{
    private EndDecision(bool begins, bool isRepetition, ErrorCode error) => (Begins, IsRepetition, Error) = (begins, isRepetition, error);

    /// <summary>Whether a transaction is to be ended now.</summary>
    public bool Begins { get; }

    /// <summary>Whether it was ended so before, and the answer is given again.</summary>
    public bool IsRepetition { get; }

    public ErrorCode Error { get; }

    private static EndDecision Begin => new(true, false, ErrorCode.None);

    private static EndDecision Repeat => new(false, true, ErrorCode.None);

    /// <summary>The first protocol: the epoch stays, so a repetition looks like the request it repeats.</summary>
    public static EndDecision WithoutBump(Transaction transaction, long producerId, short epoch, bool isCommit)
    {
        if (transaction.ProducerId != producerId) return Refuse(ErrorCode.InvalidProducerIdMapping);
        if (transaction.Epoch != epoch) return Refuse(ErrorCode.ProducerFenced);
        return transaction.State switch
        {
            TransactionState.Ongoing => Begin,
            TransactionState.CompleteCommit when isCommit => Refuse(ErrorCode.None),
            TransactionState.CompleteAbort when !isCommit => Refuse(ErrorCode.None),
            TransactionState.PrepareCommit when isCommit => Refuse(ErrorCode.ConcurrentTransactions),
            TransactionState.PrepareAbort when !isCommit => Refuse(ErrorCode.ConcurrentTransactions),
            _ => Refuse(ErrorCode.InvalidTxnState),
        };
    }

    /// <summary>
    /// The second protocol (KIP-890): each end raises the epoch. With the present one the next transaction is meant, which
    /// may be aborted before anything of it is known here; with the one before it the last end is repeated.
    /// </summary>
    public static EndDecision WithBump(Transaction transaction, long producerId, short epoch, bool isCommit)
    {
        var isPastId = transaction.PreviousProducerId == producerId && epoch == Transaction.LastEpoch && transaction.Epoch == 0;
        if (transaction.ProducerId != producerId && !isPastId) return Refuse(ErrorCode.InvalidProducerIdMapping);
        var isPastEpoch = transaction.Epoch == epoch + 1;
        var isCurrent = transaction.ProducerId == producerId && transaction.Epoch == epoch;
        var isRetry = isPastEpoch || isPastId;
        var isOver = transaction.State is TransactionState.CompleteCommit or TransactionState.CompleteAbort;
        var isValid = transaction.IsPreparing ? isPastEpoch : isCurrent || (isOver && isRetry);
        if (!isValid) return Refuse(ErrorCode.ProducerFenced);
        return transaction.State switch
        {
            TransactionState.Ongoing => Begin,
            TransactionState.PrepareCommit when isCommit => Refuse(ErrorCode.ConcurrentTransactions),
            TransactionState.PrepareAbort when !isCommit => Refuse(ErrorCode.ConcurrentTransactions),
            TransactionState.CompleteCommit when isRetry && isCommit => Repeat,
            TransactionState.CompleteAbort when isRetry && !isCommit => Repeat,
            TransactionState.Empty when !isCommit => Begin,
            TransactionState.CompleteCommit or TransactionState.CompleteAbort when !isRetry && !isCommit => Begin,
            _ => Refuse(ErrorCode.InvalidTxnState),
        };
    }

    private static EndDecision Refuse(ErrorCode error) => new(false, false, error);
}
