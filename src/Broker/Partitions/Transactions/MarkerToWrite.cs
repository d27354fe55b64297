using Moldau.Protocol.Messages;

namespace Moldau.Broker.Partitions.Transactions;

/// <summary>How a transaction has ended, as its coordinator says.</summary>
/// <param name="BumpsEpoch">Whether the end has an epoch above the transaction's.</param>
internal readonly record struct MarkerToWrite(long ProducerId, short Epoch, bool IsCommit, int CoordinatorEpoch, bool BumpsEpoch)
{
    private const sbyte FirstWithBump = 2;

    public static MarkerToWrite Of(WriteTxnMarkersRequest.Marker marker) =>
        new(marker.ProducerId, marker.ProducerEpoch, marker.TransactionResult, marker.CoordinatorEpoch, marker.TransactionVersion >= FirstWithBump);
}
