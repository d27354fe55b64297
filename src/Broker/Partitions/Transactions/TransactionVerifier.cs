using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Partitions.Transactions;

/// <summary>
/// Asks the coordinator before a transaction's first batch in a partition: late batches of a transaction that has ended
/// would otherwise begin one that nobody ends.
/// </summary>
/// <param name="peers">The way to the coordinator.</param>
/// <param name="isOn">The setting <c>transaction.partition.verification.enable</c>.</param>
/// <param name="clock">The broker's.</param>
internal sealed class TransactionVerifier(IPeers peers, Func<bool> isOn, TimeProvider clock)
{
    private const short FirstProduceWithAbortable = 11;
    private const short FirstProduceThatAdds = 12;
    private const short FirstOffsetsWithAbortable = 4;
    private const short FirstOffsetsThatAdd = 5;

    public static TransactionSupport SupportOfProduce(short version) => version switch
    {
        >= FirstProduceThatAdds => TransactionSupport.Added,
        FirstProduceWithAbortable => TransactionSupport.VerifiedAbortable,
        _ => TransactionSupport.Verified,
    };

    public static TransactionSupport SupportOfOffsets(short version) => version switch
    {
        >= FirstOffsetsThatAdd => TransactionSupport.Added,
        FirstOffsetsWithAbortable => TransactionSupport.VerifiedAbortable,
        _ => TransactionSupport.Verified,
    };

    /// <summary>As the partition's writer: begins a verification, where one is needed.</summary>
    public ProducerCheck Begin(ProducerStates producers, in PartOfTransaction part, int sequence, out VerificationGuard guard)
    {
        var adds = part.Support == TransactionSupport.Added;
        producers.VerifiesTransactions = isOn();
        guard = VerificationGuard.None;
        // The coordinator must learn of the partition in any case, where nobody else tells it.
        if (!producers.VerifiesTransactions && !adds) return default;
        return producers.BeginVerification(part.ProducerId, part.Epoch, sequence, adds, clock.GetUtcNow().ToUnixTimeMilliseconds(), out guard);
    }

    /// <returns>The error for the client; none where the batch may be appended.</returns>
    public async Task<(ErrorCode Error, string? Message)> AskAsync(PartOfTransaction part, string topic, int number)
    {
        var asked = new AddPartitionsToTxnRequest.Transaction
        {
            TransactionalId = part.TransactionalId,
            ProducerId = part.ProducerId,
            ProducerEpoch = part.Epoch,
            VerifyOnly = part.Support != TransactionSupport.Added,
        };
        var row = new AddPartitionsToTxnRequest.Topic { Name = topic };
        row.Partitions.Add(number);
        asked.Topics.Add(row);
        var request = new AddPartitionsToTxnRequest();
        request.Transactions.Add(asked);
        try
        {
            return Translate(ErrorOf(await peers.AskAsync(request).ConfigureAwait(false) as AddPartitionsToTxnResponse), part.Support);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return (ErrorCode.NotEnoughReplicas, $"whether the partition is part of the transaction could not be found out: {fault.Message}");
        }
    }

    private static ErrorCode ErrorOf(AddPartitionsToTxnResponse? response)
    {
        if (response is null) return ErrorCode.NetworkException;
        if (response.ErrorCode != ErrorCode.None) return response.ErrorCode;
        foreach (var transaction in response.ResultsByTransaction)
        {
            foreach (var topic in transaction.TopicResults)
            {
                foreach (var partition in topic.ResultsByPartition) return partition.PartitionErrorCode;
            }
        }

        return ErrorCode.UnknownServerError;
    }

    /// <summary>Producers know no coordinator's errors in this place; NOT_ENOUGH_REPLICAS makes all of them try again.</summary>
    private static (ErrorCode Error, string? Message) Translate(ErrorCode error, TransactionSupport support) => error switch
    {
        ErrorCode.None => (ErrorCode.None, null),
        ErrorCode.ProducerFenced => (ErrorCode.InvalidProducerEpoch, "the coordinator knows a newer epoch of the producer"),
        ErrorCode.TransactionAbortable when support == TransactionSupport.Verified => (ErrorCode.InvalidTxnState, "the partition was not added to the transaction"),
        ErrorCode.TransactionAbortable => (error, "the partition was not added to the transaction"),
        ErrorCode.ConcurrentTransactions when support == TransactionSupport.Added => (error, "the producer's last transaction is still being ended"),
        ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.ConcurrentTransactions =>
            (ErrorCode.NotEnoughReplicas, $"whether the partition is part of the transaction could not be found out yet: {error}"),
        _ => (error, "the coordinator does not know the transaction"),
    };
}
