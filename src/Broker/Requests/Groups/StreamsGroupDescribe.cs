using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>StreamsGroupDescribe: groups of KIP-1071 with their topology, their members, and the tasks of each.</summary>
internal sealed class StreamsGroupDescribe(CoordinatorTopic<GroupMachine> groups, NetworkLog log)
    : KindDescribe<StreamsGroupDescribeRequest, StreamsGroupDescribeResponse, StreamsGroupDescribeResponse.Group>(groups, log)
{
    protected override string Hidden => "the group's topology has a topic that no rule allows to be described";

    protected override WireList<string> NamesOf(StreamsGroupDescribeRequest request) => request.GroupIds;

    protected override bool WantsOperations(StreamsGroupDescribeRequest request) => request.IncludeAuthorizedOperations;

    protected override WireList<StreamsGroupDescribeResponse.Group> GroupsOf(StreamsGroupDescribeResponse response) => response.Groups;

    protected override StreamsGroupDescribeResponse.Group Failed(string name, ErrorCode error, string? message) => new() { GroupId = name, ErrorCode = error, ErrorMessage = message };

    protected override StreamsGroupDescribeResponse.Group Describe(GroupMachine machine, string name, int? operations)
    {
        var group = machine.Streams.Describe(name);
        if (group.ErrorCode == ErrorCode.None && operations is { } allowed) group.AuthorizedOperations = allowed;
        return group;
    }

    protected override bool MaySee(in Access access, StreamsGroupDescribeResponse.Group group)
    {
        foreach (var part in group.Topology?.Subtopologies ?? [])
        {
            foreach (var name in part.SourceTopics.Concat(part.RepartitionSinkTopics).Concat(part.RepartitionSourceTopics.Concat(part.StateChangelogTopics).Select(static topic => topic.Name)))
            {
                if (!access.Allows(AclOperation.Describe, AclResource.Topic, name)) return false;
            }
        }

        return true;
    }
}
