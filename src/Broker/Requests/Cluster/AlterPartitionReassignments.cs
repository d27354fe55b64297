using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Broker.Requests.Topics;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>
/// AlterPartitionReassignments: on one node the only place a partition can be moved to is the one where it is, which is
/// done at once; there is never a move to call off.
/// </summary>
internal sealed class AlterPartitionReassignments(MetadataFollower metadata, NetworkLog log)
    : TypedHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(log)
{
    protected override ValueTask HandleAsync(Exchange exchange, AlterPartitionReassignmentsRequest request, AlterPartitionReassignmentsResponse response)
    {
        response.ErrorMessage = null;
        response.AllowReplicationFactorChange = request.AllowReplicationFactorChange;
        var image = metadata.Current;
        foreach (var asked in request.Topics)
        {
            var answered = new AlterPartitionReassignmentsResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
            {
                var answer = new AlterPartitionReassignmentsResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorMessage = null };
                (answer.ErrorCode, answer.ErrorMessage) = Answer(image, asked.Name, part);
                answered.Partitions.Add(answer);
            }

            response.Responses.Add(answered);
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(AlterPartitionReassignmentsRequest request, AlterPartitionReassignmentsResponse response, ErrorCode error, string? message)
    {
        (response.ErrorCode, response.ErrorMessage) = (error, message);
        foreach (var asked in request.Topics)
        {
            var answered = new AlterPartitionReassignmentsResponse.Topic { Name = asked.Name };
            foreach (var part in asked.Partitions)
                answered.Partitions.Add(new AlterPartitionReassignmentsResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = error, ErrorMessage = message });
            response.Responses.Add(answered);
        }
    }

    private static (ErrorCode Error, string? Message) Answer(MetadataImage image, string name, AlterPartitionReassignmentsRequest.Partition part)
    {
        if (image.FindTopic(name) is not { } topic || topic.Partition(part.PartitionIndex) is null)
            return (ErrorCode.UnknownTopicOrPartition, $"there is no partition {part.PartitionIndex} of a topic '{name}'");
        if (part.Replicas is null) return (ErrorCode.NoReassignmentInProgress, "nothing is being moved");
        try
        {
            ReplicaPlacement.Checked(part.Replicas.Span, image);
            return (ErrorCode.None, null);
        }
        catch (RequestRefusedException refused)
        {
            return (refused.Error, refused.Message);
        }
    }
}
