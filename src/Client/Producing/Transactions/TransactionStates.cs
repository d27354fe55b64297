using Moldau.Protocol.Errors;

namespace Moldau.Client.Producing.Transactions;

/// <summary>What may be done with a producer's transactions, and what an error makes of the open one. Decides alone; not for two at once.</summary>
internal sealed class TransactionStates(string transactionalId)
{
    private readonly HashSet<TopicPartition> _added = [];
    private readonly HashSet<TopicPartition> _wanted = [];

    public TransactionPhase Phase { get; private set; } = TransactionPhase.Unknown;

    /// <summary>Why it can only be aborted, or nothing can be done at all; null otherwise.</summary>
    public KafkaException? Error { get; private set; }

    /// <summary>Whether brokers add partitions and offsets by themselves, and each end brings a new epoch (KIP-890).</summary>
    public bool AddsByItself { get; set; }

    /// <summary>Whether the coordinator may know of the transaction, so that it has to be ended there.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>What has to be added before anything is written to it.</summary>
    public IReadOnlyCollection<TopicPartition> Wanted => _wanted;

    /// <summary>The producer has its id.</summary>
    public void Identify()
    {
        ThrowIfFatal();
        (Phase, Error) = (TransactionPhase.Ready, null);
    }

    public void Begin()
    {
        ThrowIfFatal();
        if (Phase != TransactionPhase.Ready) throw new InvalidOperationException($"a transaction of '{transactionalId}' is open; commit, abort or dispose it before the next begins");
        Phase = TransactionPhase.Open;
        IsBegun = false;
        _added.Clear();
        _wanted.Clear();
    }

    /// <summary>Throws where nothing may be written now.</summary>
    public void CheckOpen()
    {
        if (Phase == TransactionPhase.Open) return;
        if (Error is not null) throw Error;
        throw new InvalidOperationException($"the producer has the transactional id '{transactionalId}', and no transaction is open; begin one");
    }

    /// <summary>Whether a batch may go to a partition now; else it is to be added first.</summary>
    public bool MaySend(TopicPartition where)
    {
        if (Phase is not (TransactionPhase.Open or TransactionPhase.Ending)) return false;
        if (AddsByItself)
        {
            IsBegun = true;
            return true;
        }

        if (_added.Contains(where)) return true;
        _wanted.Add(where);
        return false;
    }

    /// <summary>They are being asked for: from here on the coordinator may know of the transaction.</summary>
    public void MarkBegun() => IsBegun = true;

    public void MarkAdded(IEnumerable<TopicPartition> partitions)
    {
        foreach (var where in partitions)
        {
            _wanted.Remove(where);
            _added.Add(where);
        }
    }

    /// <summary>Something of it failed for good.</summary>
    public void Fail(KafkaException error, bool byCoordinator)
    {
        if (Phase is TransactionPhase.Fatal or TransactionPhase.Unknown or TransactionPhase.Ready) return;
        if (IsFatal(error, byCoordinator))
        {
            Phase = TransactionPhase.Fatal;
            Error = error is ProducerFencedException || !IsFence(error.Code) ? error : new ProducerFencedException(error.Code, transactionalId, error);
            return;
        }

        if (Phase == TransactionPhase.AbortOnly) return;
        Phase = TransactionPhase.AbortOnly;
        Error = new KafkaException(error.Code, $"the transaction can only be aborted: {error.Message}", transactionalId, error) { IsTransient = false };
    }

    /// <summary>It ends now: nothing more is written to it.</summary>
    public void BeginEnd(bool commits)
    {
        ThrowIfFatal();
        if (commits && Error is not null) throw Error;
        if (Phase is not (TransactionPhase.Open or TransactionPhase.AbortOnly or TransactionPhase.Ending)) throw new InvalidOperationException("the transaction is over already");
        Phase = TransactionPhase.Ending;
        Error = commits ? null : new KafkaException(ErrorCode.OperationNotAttempted, "its transaction was aborted", transactionalId) { IsTransient = false };
    }

    /// <summary>The coordinator has ended it.</summary>
    /// <param name="needsIdentity">Whether the next can only begin when the producer has another epoch.</param>
    public void End(bool needsIdentity)
    {
        ThrowIfFatal();
        (Phase, Error) = (needsIdentity ? TransactionPhase.Unknown : TransactionPhase.Ready, null);
        IsBegun = false;
    }

    /// <summary>Nobody knows how it ended: asking who one is anew settles it.</summary>
    public void Doubt()
    {
        if (Phase != TransactionPhase.Fatal) (Phase, Error) = (TransactionPhase.Unknown, null);
    }

    /// <summary>An answer of the coordinator by which the producer is over.</summary>
    public static bool IsFence(ErrorCode code) => code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping;

    private static bool IsFatal(KafkaException error, bool byCoordinator) => error.Code switch
    {
        ErrorCode.ProducerFenced => true,
        ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping or ErrorCode.InvalidTxnState => byCoordinator,
        ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.UnsupportedVersion or ErrorCode.UnsupportedForMessageFormat => true,
        _ => error.IsFatal,
    };

    private void ThrowIfFatal()
    {
        if (Phase == TransactionPhase.Fatal) throw Error!;
    }
}
