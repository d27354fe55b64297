using Moldau.Broker.Coordinators.Transactions;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Transactions;

/// <summary>WriteTxnMarkers: of coordinators on other nodes, and of administrators who abort a transaction that hangs.</summary>
internal sealed class WriteTxnMarkers(MarkerWriter markers, NetworkLog log) : TypedHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse>(log)
{
    protected override async ValueTask HandleAsync(Exchange exchange, WriteTxnMarkersRequest request, WriteTxnMarkersResponse response)
    {
        var written = await markers.WriteAsync(request).ConfigureAwait(false);
        foreach (var marker in written.Markers) response.Markers.Add(marker);
    }

    protected override void Refuse(WriteTxnMarkersRequest request, WriteTxnMarkersResponse response, ErrorCode error, string? message)
    {
        foreach (var marker in request.Markers)
        {
            var answered = new WriteTxnMarkersResponse.Marker { ProducerId = marker.ProducerId };
            foreach (var topic in marker.Topics)
            {
                var row = new WriteTxnMarkersResponse.Topic { Name = topic.Name };
                foreach (var number in topic.PartitionIndexes) row.Partitions.Add(new WriteTxnMarkersResponse.Partition { PartitionIndex = number, ErrorCode = error });
                answered.Topics.Add(row);
            }

            response.Markers.Add(answered);
        }
    }
}
