using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>
/// The records an event of a streams group is about to write. They are appended at its end, so an event that is refused half-way
/// has changed nothing.
/// </summary>
internal sealed class StreamsRecords(string group)
{
    private readonly List<(IMessage Key, IMessage? Value)> _records = [];

    /// <summary>A classic group that nobody is in had the name.</summary>
    public void ForgetClassic() => Add(new GroupMetadataKey { Group = group }, null);

    public void Member(StreamsMember member) => Add(new StreamsGroupMemberMetadataKey { GroupId = group, MemberId = member.Id }, new StreamsGroupMemberMetadataValue
    {
        InstanceId = member.InstanceId, RackId = member.RackId, ClientId = member.ClientId, ClientHost = member.ClientHost,
        RebalanceTimeoutMs = member.RebalanceTimeout, TopologyEpoch = member.TopologyEpoch, ProcessId = member.ProcessId,
        UserEndpoint = member.Endpoint is { } endpoint ? new StreamsGroupMemberMetadataValue.Endpoint { Host = endpoint.Host, Port = endpoint.Port } : null,
        ClientTags = [.. member.Tags.Select(static tag => new StreamsGroupMemberMetadataValue.Tag { Key = tag.Key, Value = tag.Value })],
    });

    public void Topology(StreamsTopology topology) => Add(new StreamsGroupTopologyKey { GroupId = group }, TopologyForm.Write(topology));

    public void Stand(GroupStand stand) => Add(new StreamsGroupMetadataKey { GroupId = group }, new StreamsGroupMetadataValue
    {
        Epoch = stand.Epoch, MetadataHash = stand.Hash, ValidatedTopologyEpoch = stand.ValidatedTopology,
        LastAssignmentConfigs = [.. stand.Settings.Select(static setting => new StreamsGroupMetadataValue.Config { Key = setting.Key, Value = setting.Value })],
    });

    public void Target(string member, MemberTasks target) => Add(new StreamsGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, new StreamsGroupTargetAssignmentMemberValue
    {
        ActiveTasks = [.. target.Active.BySubtopology.Select(Target)],
        StandbyTasks = [.. target.Standby.BySubtopology.Select(Target)],
        WarmupTasks = [.. target.Warmup.BySubtopology.Select(Target)],
    });

    public void TargetEpoch(int epoch, long timestamp) =>
        Add(new StreamsGroupTargetAssignmentMetadataKey { GroupId = group }, new StreamsGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public void Current(StreamsMember member) => Add(new StreamsGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.Id }, new StreamsGroupCurrentMemberAssignmentValue
    {
        MemberEpoch = member.Epoch, PreviousMemberEpoch = member.PreviousEpoch, State = (sbyte)member.State,
        ActiveTasks = [.. member.Assigned.Active.BySubtopology.Select(WithEpochs)],
        StandbyTasks = [.. member.Assigned.Standby.BySubtopology.Select(Plain)],
        WarmupTasks = [.. member.Assigned.Warmup.BySubtopology.Select(Plain)],
        ActiveTasksPendingRevocation = [.. member.Revoking.Active.BySubtopology.Select(WithEpochs)],
        StandbyTasksPendingRevocation = [.. member.Revoking.Standby.BySubtopology.Select(Plain)],
        WarmupTasksPendingRevocation = [.. member.Revoking.Warmup.BySubtopology.Select(Plain)],
    });

    public void ForgetMember(string member)
    {
        Add(new StreamsGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        Add(new StreamsGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new StreamsGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
    }

    /// <summary>All that is stored of a group.</summary>
    /// <param name="members">Those it has.</param>
    public void ForgetAll(IReadOnlyList<string> members)
    {
        foreach (var member in members) Add(new StreamsGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        foreach (var member in members) Add(new StreamsGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new StreamsGroupTargetAssignmentMetadataKey { GroupId = group }, null);
        foreach (var member in members) Add(new StreamsGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
        Add(new StreamsGroupMetadataKey { GroupId = group }, null);
        Add(new StreamsGroupTopologyKey { GroupId = group }, null);
    }

    public void AppendTo(Outcome outcome)
    {
        foreach (var (key, value) in _records) outcome.Append(key, value);
    }

    private void Add(IMessage key, IMessage? value) => _records.Add((key, value));

    private static StreamsGroupTargetAssignmentMemberValue.Tasks Target((string Subtopology, IReadOnlyList<int> Partitions, IReadOnlyList<int> Epochs) tasks) =>
        new() { SubtopologyId = tasks.Subtopology, Partitions = [.. tasks.Partitions] };

    private static StreamsGroupCurrentMemberAssignmentValue.Tasks Plain((string Subtopology, IReadOnlyList<int> Partitions, IReadOnlyList<int> Epochs) tasks) =>
        new() { SubtopologyId = tasks.Subtopology, Partitions = [.. tasks.Partitions] };

    private static StreamsGroupCurrentMemberAssignmentValue.Tasks WithEpochs((string Subtopology, IReadOnlyList<int> Partitions, IReadOnlyList<int> Epochs) tasks) =>
        new() { SubtopologyId = tasks.Subtopology, Partitions = [.. tasks.Partitions], AssignmentEpochs = [.. tasks.Epochs] };
}
