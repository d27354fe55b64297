using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>A group as StreamsGroupDescribe tells it. The topics' numbers of partitions are told where they are decided.</summary>
internal static class StreamsDescription
{
    public static StreamsGroupDescribeResponse.Group Of(string name, Group? known)
    {
        if (known is not StreamsGroup group)
        {
            var why = known is null ? $"Group {name} not found." : $"Group {name} is not a streams group.";
            return new StreamsGroupDescribeResponse.Group { GroupId = name, ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = why };
        }

        var told = new StreamsGroupDescribeResponse.Group
        {
            GroupId = name, GroupState = group.State, GroupEpoch = group.Stand.Value.Epoch, AssignmentEpoch = group.TargetEpoch.Value.Epoch, Topology = TopologyOf(group),
        };
        foreach (var id in MemberOrder.Held(group.MemberIds)) told.Members.Add(Of(group.FindMember(id)!, group.FindTarget(id) ?? MemberTasks.Empty));
        return told;
    }

    private static StreamsGroupDescribeResponse.TopologySpec? TopologyOf(StreamsGroup group)
    {
        if (group.Topology.Value is not { } topology) return null;
        var told = new StreamsGroupDescribeResponse.TopologySpec { Epoch = topology.Epoch, Subtopologies = [] };
        if (group.Configured is { IsReady: true, Subtopologies: { } parts })
        {
            foreach (var part in parts) told.Subtopologies.Add(Of(part.Told, part.Repartitions, part.Changelogs));
        }
        else
        {
            foreach (var part in topology.Subtopologies.OrderBy(static part => part.Id, StringComparer.Ordinal)) told.Subtopologies.Add(Of(part, part.Repartitions, part.Changelogs));
        }

        return told;
    }

    private static StreamsGroupDescribeResponse.Subtopology Of(Subtopology part, IEnumerable<InternalTopic> repartitions, IEnumerable<InternalTopic> changelogs) => new()
    {
        SubtopologyId = part.Id,
        SourceTopics = [.. part.Sources.Order(StringComparer.Ordinal)],
        RepartitionSinkTopics = [.. part.RepartitionSinks.Order(StringComparer.Ordinal)],
        RepartitionSourceTopics = Topics(repartitions),
        StateChangelogTopics = Topics(changelogs),
    };

    private static WireList<StreamsGroupDescribeResponse.TopicInfo> Topics(IEnumerable<InternalTopic> topics) =>
    [
        .. topics.OrderBy(static topic => topic.Name, StringComparer.Ordinal).Select(static topic => new StreamsGroupDescribeResponse.TopicInfo
        {
            Name = topic.Name, Partitions = topic.Partitions, ReplicationFactor = topic.ReplicationFactor,
            TopicConfigs = [.. topic.Settings.Select(static setting => new StreamsGroupDescribeResponse.KeyValue { Key = setting.Key, Value = setting.Value })],
        }),
    ];

    private static StreamsGroupDescribeResponse.Member Of(StreamsMember member, MemberTasks target) => new()
    {
        MemberId = member.Id, MemberEpoch = member.Epoch, InstanceId = member.InstanceId, RackId = member.RackId, ClientId = member.ClientId, ClientHost = member.ClientHost,
        TopologyEpoch = member.TopologyEpoch, ProcessId = member.ProcessId,
        UserEndpoint = member.Endpoint is { } endpoint ? new StreamsGroupDescribeResponse.Endpoint { Host = endpoint.Host, Port = endpoint.Port } : null,
        ClientTags = [.. member.Tags.Select(static tag => new StreamsGroupDescribeResponse.KeyValue { Key = tag.Key, Value = tag.Value })],
        Assignment = Of(member.Assigned), TargetAssignment = Of(target),
    };

    private static StreamsGroupDescribeResponse.MemberAssignment Of(MemberTasks tasks) =>
        new() { ActiveTasks = Of(tasks.Active), StandbyTasks = Of(tasks.Standby), WarmupTasks = Of(tasks.Warmup) };

    private static WireList<StreamsGroupDescribeResponse.Tasks> Of(TaskSet tasks) =>
        [.. tasks.BySubtopology.Select(static part => new StreamsGroupDescribeResponse.Tasks { SubtopologyId = part.Subtopology, Partitions = [.. part.Partitions] })];
}
