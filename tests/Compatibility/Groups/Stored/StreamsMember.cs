using Moldau.Compatibility.Differential;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Groups.Stored;

/// <summary>The one member of a streams group, which is known to whatever broker has its records.</summary>
internal static class StreamsMember
{
    private const string Group = "streams";
    private const string Id = "the-member";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <returns>Its epoch.</returns>
    public static async Task<int> JoinAsync(StoredBroker broker)
    {
        var told = await AskAsync(broker, new StreamsGroupHeartbeatRequest
        {
            GroupId = Group, MemberId = Id, RebalanceTimeoutMs = 60_000, ProcessId = "the-process", RackId = "a", ClientTags = [new() { Key = "zone", Value = "z" }],
            UserEndpoint = new() { Host = "here", Port = 80 }, ActiveTasks = [], StandbyTasks = [], WarmupTasks = [],
            Topology = new() { Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["stored", "copied"], CopartitionGroups = [new() { SourceTopics = [0, 1] }] }] },
        });
        Assert.Equal([0, 1, 2], told.ActiveTasks![0].Partitions);
        return told.MemberEpoch;
    }

    /// <summary>Another broker takes it for the member it is. The topics are others there, so the group's epoch grows.</summary>
    public static async Task GoOnAsync(StoredBroker broker, int epoch)
    {
        var told = await AskAsync(broker, new StreamsGroupHeartbeatRequest { GroupId = Group, MemberId = Id, MemberEpoch = epoch });
        Assert.InRange(told.MemberEpoch, epoch, epoch + 1);
        Assert.Null(told.ActiveTasks);
    }

    public static async Task<string> DescribeAsync(StoredBroker broker)
    {
        using var side = new BrokerSide(broker.Name, broker.Address);
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var group = (await side.AskAsync<StreamsGroupDescribeResponse>(ApiKey.StreamsGroupDescribe, 0, new StreamsGroupDescribeRequest { GroupIds = [Group] })).Groups[0];
            if (group.ErrorCode == ErrorCode.None) return Text(group);
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"{broker.Name} answers {group.ErrorCode} about a streams group");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<StreamsGroupHeartbeatResponse> AskAsync(StoredBroker broker, StreamsGroupHeartbeatRequest request)
    {
        using var side = new BrokerSide(broker.Name, broker.Address);
        var told = await side.AskAsync<StreamsGroupHeartbeatResponse>(ApiKey.StreamsGroupHeartbeat, 0, request);
        Assert.Equal((ErrorCode.None, null), (told.ErrorCode, told.ErrorMessage));
        return told;
    }

    private static string Text(StreamsGroupDescribeResponse.Group group)
    {
        var (member, part) = (Assert.Single(group.Members), Assert.Single(group.Topology!.Subtopologies!));
        return $"{group.GroupState} at {group.GroupEpoch}/{group.AssignmentEpoch}, topology {group.Topology.Epoch}: {part.SubtopologyId} reads {string.Join(',', part.SourceTopics)}; "
            + $"{member.MemberId} at {member.MemberEpoch} in {member.ProcessId}, rack {member.RackId}, {member.UserEndpoint?.Host}:{member.UserEndpoint?.Port}, {string.Join(',', member.ClientTags.Select(static tag => tag.Key + "=" + tag.Value))} "
            + $"runs {string.Join(',', member.Assignment.ActiveTasks[0].Partitions)} of {string.Join(',', member.TargetAssignment.ActiveTasks[0].Partitions)}";
    }
}
