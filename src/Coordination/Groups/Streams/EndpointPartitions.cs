using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>Which partitions' state is found at each member's endpoint, as members are told it for their users' questions.</summary>
internal static class EndpointPartitions
{
    /// <param name="members">In the order in which they are told.</param>
    public static IEnumerable<StreamsGroupHeartbeatResponse.EndpointPartitions> Of(IEnumerable<StreamsMember> members, ConfiguredTopology topology, ITopicDirectory topics)
    {
        foreach (var member in members)
        {
            if (member.Endpoint is not { } endpoint) continue;
            yield return new StreamsGroupHeartbeatResponse.EndpointPartitions
            {
                UserEndpoint = new StreamsGroupHeartbeatResponse.Endpoint { Host = endpoint.Host, Port = endpoint.Port },
                ActivePartitions = [.. Partitions(member.Assigned.Active, topology, topics)],
                StandbyPartitions = [.. Partitions(member.Assigned.Standby, topology, topics)],
            };
        }
    }

    private static IEnumerable<StreamsGroupHeartbeatResponse.TopicPartitions> Partitions(TaskSet tasks, ConfiguredTopology topology, ITopicDirectory topics)
    {
        foreach (var (subtopology, partitions, _) in tasks.BySubtopology)
        {
            foreach (var name in topology.Find(subtopology)?.Told.Inputs.Distinct(StringComparer.Ordinal) ?? [])
            {
                if (topics.Find(name) is not { } topic) continue;
                // A subtopology has as many tasks as its largest topic has partitions.
                yield return new StreamsGroupHeartbeatResponse.TopicPartitions { Topic = name, Partitions = [.. partitions.Where(partition => partition < topic.PartitionCount)] };
            }
        }
    }
}
