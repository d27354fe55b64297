using Moldau.Coordination.Transactions;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Transactions;

/// <summary>What scenarios say of records and of what is asked.</summary>
internal static class TransactionText
{
    public static string Of(TransactionLogValue? value, short version)
    {
        if (value is null) return "forgotten";
        var text = $"v{version} {(TransactionState)value.TransactionStatus} producer {value.ProducerId} epoch {value.ProducerEpoch} timeout {value.TransactionTimeoutMs} start {value.TransactionStartTimestampMs}";
        if (version > 0) text += $" before {value.PreviousProducerId}";
        if (value.NextProducerId >= 0) text += $" next {value.NextProducerId}";
        if (value.ClientTransactionVersion > 0) text += $" tv {value.ClientTransactionVersion}";
        foreach (var topic in value.TransactionPartitions ?? new())
        {
            foreach (var number in topic.PartitionIds) text += $" {topic.Topic}-{number}";
        }

        return text;
    }

    public static string Of(IMessage request)
    {
        if (request is not WriteTxnMarkersRequest markers) return "for a producer id";
        var marker = markers.Markers[0];
        var text = $"for {(marker.TransactionResult ? "commit" : "abort")} markers of producer {marker.ProducerId} epoch {marker.ProducerEpoch} by coordinator {marker.CoordinatorEpoch} tv {marker.TransactionVersion}:";
        foreach (var topic in marker.Topics)
        {
            foreach (var number in topic.PartitionIndexes) text += $" {topic.Name}-{number}";
        }

        return text;
    }
}
