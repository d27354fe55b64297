using System.Collections.Immutable;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>A transactional id's state as it lies in <c>__transaction_state</c>.</summary>
internal static class TransactionForm
{
    private const short FirstWithTags = 1;

    /// <summary>The value's version goes with the feature's level, as Kafka's does: none of it is read by an older broker.</summary>
    public static short VersionFor(short level) => level >= 1 ? FirstWithTags : (short)0;

    public static TransactionLogValue Write(Transaction transaction, short version)
    {
        var value = new TransactionLogValue
        {
            ProducerId = transaction.ProducerId,
            ProducerEpoch = transaction.Epoch,
            TransactionTimeoutMs = transaction.TimeoutMilliseconds,
            TransactionStatus = (sbyte)transaction.State,
            TransactionLastUpdateTimestampMs = transaction.UpdatedAt,
            TransactionStartTimestampMs = transaction.StartedAt,
            TransactionPartitions = transaction.State == TransactionState.Empty ? null : new(),
        };
        foreach (var topic in transaction.Partitions.GroupBy(static partition => partition.Topic))
        {
            var row = new TransactionLogValue.TopicPartitions { Topic = topic.Key };
            foreach (var partition in topic) row.PartitionIds.Add(partition.Number);
            value.TransactionPartitions?.Add(row);
        }

        if (version < FirstWithTags) return value;
        value.PreviousProducerId = transaction.PreviousProducerId;
        value.NextProducerId = transaction.NextProducerId;
        value.ClientTransactionVersion = transaction.Version;
        return value;
    }

    public static Transaction Read(TransactionLogValue value)
    {
        var partitions = ImmutableSortedSet.CreateBuilder<TransactionPartition>();
        foreach (var topic in value.TransactionPartitions ?? new())
        {
            foreach (var number in topic.PartitionIds) partitions.Add(new TransactionPartition(topic.Topic, number));
        }

        return new Transaction
        {
            ProducerId = value.ProducerId,
            PreviousProducerId = value.PreviousProducerId,
            NextProducerId = value.NextProducerId,
            Epoch = value.ProducerEpoch,
            TimeoutMilliseconds = value.TransactionTimeoutMs,
            State = (TransactionState)value.TransactionStatus,
            Partitions = partitions.ToImmutable(),
            StartedAt = value.TransactionStartTimestampMs,
            UpdatedAt = value.TransactionLastUpdateTimestampMs,
            Version = value.ClientTransactionVersion,
        };
    }
}
