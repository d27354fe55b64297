using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>AddPartitionsToTxn and AddOffsetsToTxn: which partitions a transaction is about to write to, or whether one is of it.</summary>
internal sealed class PartitionAdding(TransactionTable table)
{
    private const short FirstWithFenced = 2;

    /// <summary>One transaction of a request; its result is the only one of the reply.</summary>
    /// <param name="asked">Which partitions.</param>
    /// <param name="version">Of transactions, as the client speaks it.</param>
    /// <param name="reply">Of this transaction alone.</param>
    /// <param name="outcome">Of the event.</param>
    public void Add(AddPartitionsToTxnRequest.Transaction asked, short version, PendingReply<AddPartitionsToTxnResponse> reply, Outcome outcome)
    {
        var partitions = new List<TransactionPartition>();
        foreach (var topic in asked.Topics)
        {
            foreach (var number in topic.Partitions) partitions.Add(new TransactionPartition(topic.Name, number));
        }

        var id = asked.TransactionalId;
        var error = asked.VerifyOnly ? Check(id, asked.ProducerId, asked.ProducerEpoch) : Add(id, asked.ProducerId, asked.ProducerEpoch, partitions, version, outcome);
        var known = asked.VerifyOnly && error == ErrorCode.None ? table.Find(id)!.Partitions : null;
        var result = new AddPartitionsToTxnResponse.Transaction { TransactionalId = id };
        foreach (var topic in asked.Topics)
        {
            var row = new AddPartitionsToTxnResponse.Topic { Name = topic.Name };
            foreach (var number in topic.Partitions)
            {
                var isMissing = known is not null && !known.Contains(new TransactionPartition(topic.Name, number));
                row.ResultsByPartition.Add(new AddPartitionsToTxnResponse.Partition { PartitionIndex = number, PartitionErrorCode = isMissing ? ErrorCode.TransactionAbortable : error });
            }

            result.TopicResults.Add(row);
        }

        reply.Response.ResultsByTransaction.Add(result);
        outcome.Send(reply);
    }

    /// <param name="request">Whose offsets.</param>
    /// <param name="version">Of the request.</param>
    /// <param name="offsets">The partition in which the group keeps them.</param>
    /// <param name="reply">To whom.</param>
    /// <param name="outcome">Of the event.</param>
    public void AddOffsets(AddOffsetsToTxnRequest request, short version, TransactionPartition offsets, PendingReply<AddOffsetsToTxnResponse> reply, Outcome outcome)
    {
        var error = Add(request.TransactionalId, request.ProducerId, request.ProducerEpoch, [offsets], 0, outcome);
        reply.Response.ErrorCode = error == ErrorCode.ProducerFenced && version < FirstWithFenced ? ErrorCode.InvalidProducerEpoch : error;
        outcome.Send(reply);
    }

    private ErrorCode Add(string id, long producerId, short epoch, List<TransactionPartition> partitions, short version, Outcome outcome)
    {
        var error = Check(id, producerId, epoch);
        if (error != ErrorCode.None) return error;
        var transaction = table.Find(id)!;
        var isOpen = transaction.State == TransactionState.Ongoing;
        var all = transaction.Partitions.Union(partitions);
        if (isOpen && all.Count == transaction.Partitions.Count) return ErrorCode.None;
        var written = table.Write(id, transaction with
        {
            State = TransactionState.Ongoing,
            Partitions = all,
            StartedAt = isOpen ? transaction.StartedAt : outcome.Now,
            UpdatedAt = outcome.Now,
            Version = version,
        }, outcome);
        if (!isOpen) TransactionEnding.SetTimeout(id, written, outcome);
        return ErrorCode.None;
    }

    private ErrorCode Check(string id, long producerId, short epoch)
    {
        if (id.Length == 0) return ErrorCode.InvalidRequest;
        if (table.Find(id) is not { } transaction || transaction.ProducerId != producerId) return ErrorCode.InvalidProducerIdMapping;
        if (transaction.Epoch != epoch) return ErrorCode.ProducerFenced;
        return transaction.IsPreparing ? ErrorCode.ConcurrentTransactions : ErrorCode.None;
    }
}
