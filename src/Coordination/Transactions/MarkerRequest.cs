using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>Asks for a transaction's markers to be written into the partitions that have not answered yet.</summary>
internal sealed class MarkerRequest(Action<PeerRequest> deliver, MarkerRound round, MarkerRounds rounds, int coordinatorEpoch) : PeerRequest(deliver)
{
    public override IMessage Request { get; } = Build(round, coordinatorEpoch);

    public override void Answered(IMessage? response, Outcome outcome)
    {
        if (response is WriteTxnMarkersResponse answer) rounds.Answered(round, answer, outcome);
    }

    private static WriteTxnMarkersRequest Build(MarkerRound round, int coordinatorEpoch)
    {
        var marker = new WriteTxnMarkersRequest.Marker
        {
            ProducerId = round.Transaction.ProducerId,
            ProducerEpoch = round.Transaction.Epoch,
            TransactionResult = round.Transaction.State == TransactionState.PrepareCommit,
            CoordinatorEpoch = coordinatorEpoch,
            TransactionVersion = (sbyte)round.Transaction.Version,
        };
        foreach (var topic in round.Left.GroupBy(static partition => partition.Topic))
        {
            var row = new WriteTxnMarkersRequest.Topic { Name = topic.Key };
            foreach (var partition in topic) row.PartitionIndexes.Add(partition.Number);
            marker.Topics.Add(row);
        }

        var request = new WriteTxnMarkersRequest();
        request.Markers.Add(marker);
        return request;
    }
}
