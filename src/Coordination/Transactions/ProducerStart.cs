using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>InitProducerId with a transactional id: an epoch above all earlier producers' is given, and what they left open is ended.</summary>
internal sealed class ProducerStart(TransactionTable table, PastEpochs past, Func<TransactionRules> rules, TransactionEnding ending, FreshIds ids)
{
    private const short FirstWithFenced = 4;

    public void Init(InitProducerIdRequest request, short version, PendingReply<InitProducerIdResponse> reply, Outcome outcome) =>
        Init(new StartRequest(request, version, reply), null, outcome);

    private void Init(StartRequest start, long? freshId, Outcome outcome)
    {
        var request = start.Request;
        var isExpecting = request.ProducerId != Transaction.NoProducerId;
        if (request.TransactionalId is not { Length: > 0 } id || isExpecting != (request.ProducerEpoch != Transaction.NoEpoch))
        {
            Refuse(start, ErrorCode.InvalidRequest, outcome);
            return;
        }

        if (request.TransactionTimeoutMs <= 0 || request.TransactionTimeoutMs > rules().LongestTimeout)
        {
            Refuse(start, ErrorCode.InvalidTransactionTimeout, outcome);
            return;
        }

        short? expected = isExpecting ? request.ProducerEpoch : null;
        if (table.Find(id) is not { } transaction)
        {
            BeginWith(start, freshId, 0, Transaction.NoEpoch, outcome);
            return;
        }

        var isHis = !isExpecting || request.ProducerId == transaction.ProducerId
            || (request.ProducerId == transaction.PreviousProducerId && request.ProducerEpoch >= Transaction.LastEpoch);
        if (!isHis) Refuse(start, ErrorCode.ProducerFenced, outcome);
        else if (transaction.IsPreparing) Refuse(start, ErrorCode.ConcurrentTransactions, outcome);
        else if (transaction.State == TransactionState.Ongoing)
        {
            // He asks again, and then gets an epoch above the one in which it was aborted.
            ending.Fence(id, transaction, outcome);
            Refuse(start, ErrorCode.ConcurrentTransactions, outcome);
        }
        else if (transaction.IsEpochExhausted && (expected is null || expected == transaction.Epoch))
            BeginWith(start, freshId, 0, expected is null ? Transaction.NoEpoch : transaction.Epoch, outcome);
        else Raise(start, transaction, expected, outcome);
    }

    private void Raise(StartRequest start, Transaction transaction, short? expected, Outcome outcome)
    {
        var id = start.Request.TransactionalId!;
        if (expected is null) Give(start, transaction.ProducerId, (short)(transaction.Epoch + 1), Transaction.NoEpoch, outcome);
        else if (expected == transaction.Epoch) Give(start, transaction.ProducerId, (short)(transaction.Epoch + 1), transaction.Epoch, outcome);
        // The same again: had another producer come meanwhile, no past epoch would be known.
        else if (expected == past.Find(id, transaction)) Give(start, transaction.ProducerId, transaction.Epoch, expected.Value, outcome);
        else Refuse(start, ErrorCode.ProducerFenced, outcome);
    }

    private void BeginWith(StartRequest start, long? freshId, short epoch, short pastEpoch, Outcome outcome)
    {
        if (freshId is { } fresh) Give(start, fresh, epoch, pastEpoch, outcome);
        else ids.Take(outcome, (id, later) => Init(start, id, later), (error, later) => Refuse(start, error, later));
    }

    private void Give(StartRequest start, long producerId, short epoch, short pastEpoch, Outcome outcome)
    {
        var id = start.Request.TransactionalId!;
        var version = table.Find(id)?.Version ?? 0;
        var written = table.Write(id, new Transaction
        {
            ProducerId = producerId,
            Epoch = epoch,
            TimeoutMilliseconds = start.Request.TransactionTimeoutMs,
            State = TransactionState.Empty,
            UpdatedAt = outcome.Now,
            Version = version,
        }, outcome);
        past.Set(id, written, pastEpoch);
        var response = start.Reply.Response;
        (response.ErrorCode, response.ProducerId, response.ProducerEpoch) = (ErrorCode.None, producerId, epoch);
        outcome.Send(start.Reply);
    }

    private static void Refuse(StartRequest start, ErrorCode error, Outcome outcome)
    {
        var response = start.Reply.Response;
        response.ErrorCode = error == ErrorCode.ProducerFenced && start.Version < FirstWithFenced ? ErrorCode.InvalidProducerEpoch : error;
        (response.ProducerId, response.ProducerEpoch) = (Transaction.NoProducerId, Transaction.NoEpoch);
        outcome.Send(start.Reply);
    }

    private sealed record StartRequest(InitProducerIdRequest Request, short Version, PendingReply<InitProducerIdResponse> Reply);
}
