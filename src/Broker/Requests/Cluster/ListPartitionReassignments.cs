using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>ListPartitionReassignments: on one node nothing is ever on its way to another.</summary>
internal sealed class ListPartitionReassignments(NetworkLog log) : TypedHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(log)
{
    protected override ValueTask HandleAsync(Exchange exchange, ListPartitionReassignmentsRequest request, ListPartitionReassignmentsResponse response)
    {
        response.ErrorMessage = null;
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(ListPartitionReassignmentsRequest request, ListPartitionReassignmentsResponse response, ErrorCode error, string? message)
    {
        (response.ErrorCode, response.ErrorMessage) = (error, message);
        foreach (var asked in request.Topics ?? [])
        {
            var answered = new ListPartitionReassignmentsResponse.Topic { Name = asked.Name };
            foreach (var number in asked.PartitionIndexes) answered.Partitions.Add(new ListPartitionReassignmentsResponse.Partition { PartitionIndex = number });
            response.Topics.Add(answered);
        }
    }
}
