using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>What the records of streams groups mean. Compaction may have left any of them out, so none counts on another.</summary>
internal sealed class StreamsReplay(UndoLog undo, Func<ITopicDirectory> topics)
{
    public DurableMap<string, StreamsGroup> Groups { get; } = new(undo);

    /// <summary>The group whose first records come now: it keeps what is soft of it.</summary>
    public StreamsGroup? Making { get; set; }

    /// <returns>False where the record is of another kind.</returns>
    public bool Replay(IMessage key, IMessage? value)
    {
        switch (key)
        {
            case StreamsGroupMemberMetadataKey member:
                if (value is StreamsGroupMemberMetadataValue metadata) SetMember(member, metadata);
                else Groups.Find(member.GroupId)?.RemoveMember(member.MemberId);
                return true;
            case StreamsGroupMetadataKey group:
                if (value is StreamsGroupMetadataValue stand) Ensure(group.GroupId).Stand.Set(Read(stand));
                else Groups.Remove(group.GroupId);
                return true;
            case StreamsGroupTopologyKey topology:
                if (value is StreamsGroupTopologyValue told) Ensure(topology.GroupId).Topology.Set(TopologyForm.Read(told));
                else Groups.Find(topology.GroupId)?.Topology.Set(null);
                return true;
            case StreamsGroupTargetAssignmentMemberKey target:
                if (value is StreamsGroupTargetAssignmentMemberValue tasks) Ensure(target.GroupId).SetTarget(target.MemberId, Read(tasks));
                else Groups.Find(target.GroupId)?.SetTarget(target.MemberId, null);
                return true;
            case StreamsGroupTargetAssignmentMetadataKey made:
                if (value is StreamsGroupTargetAssignmentMetadataValue at) Ensure(made.GroupId).TargetEpoch.Set((at.AssignmentEpoch, at.AssignmentTimestamp));
                else Groups.Find(made.GroupId)?.TargetEpoch.Set((-1, 0));
                return true;
            case StreamsGroupCurrentMemberAssignmentKey current:
                SetCurrent(current, (StreamsGroupCurrentMemberAssignmentValue?)value);
                return true;
            default:
                return false;
        }
    }

    private StreamsGroup Ensure(string name)
    {
        if (Groups.TryGet(name, out var group)) return group;
        group = Making?.Name == name ? Making : new StreamsGroup(name, undo, topics);
        Groups.Set(name, group);
        return group;
    }

    private void SetMember(StreamsGroupMemberMetadataKey key, StreamsGroupMemberMetadataValue value)
    {
        var group = Ensure(key.GroupId);
        group.SetMember((group.FindMember(key.MemberId) ?? new StreamsMember(key.MemberId)) with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            RebalanceTimeout = value.RebalanceTimeoutMs,
            TopologyEpoch = value.TopologyEpoch,
            ProcessId = value.ProcessId,
            Endpoint = value.UserEndpoint is { } endpoint ? new UserEndpoint(endpoint.Host, endpoint.Port) : null,
            Tags = [.. value.ClientTags.Select(static tag => KeyValuePair.Create(tag.Key, tag.Value))],
        });
    }

    private void SetCurrent(StreamsGroupCurrentMemberAssignmentKey key, StreamsGroupCurrentMemberAssignmentValue? value)
    {
        if (value is null)
        {
            if (Groups.Find(key.GroupId) is { } known && known.FindMember(key.MemberId) is { } left)
                known.SetMember(left with { Epoch = -1, PreviousEpoch = -1, Assigned = MemberTasks.Empty, Revoking = MemberTasks.Empty });
            return;
        }

        var group = Ensure(key.GroupId);
        group.SetMember((group.FindMember(key.MemberId) ?? new StreamsMember(key.MemberId)) with
        {
            Epoch = value.MemberEpoch,
            PreviousEpoch = value.PreviousMemberEpoch,
            State = Enum.IsDefined((TaskState)value.State) ? (TaskState)value.State : TaskState.Unknown,
            Assigned = new MemberTasks(Active(value.ActiveTasks, value.MemberEpoch), Copies(value.StandbyTasks), Copies(value.WarmupTasks)),
            Revoking = new MemberTasks(Active(value.ActiveTasksPendingRevocation, value.MemberEpoch), Copies(value.StandbyTasksPendingRevocation), Copies(value.WarmupTasksPendingRevocation)),
        });
    }

    private static GroupStand Read(StreamsGroupMetadataValue value) => new(
        value.Epoch, value.MetadataHash, value.ValidatedTopologyEpoch,
        [.. (value.LastAssignmentConfigs ?? []).Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))]);

    private static MemberTasks Read(StreamsGroupTargetAssignmentMemberValue value) => new(Target(value.ActiveTasks), Target(value.StandbyTasks), Target(value.WarmupTasks));

    private static TaskSet Target(WireList<StreamsGroupTargetAssignmentMemberValue.Tasks> tasks) =>
        TaskSet.Of(tasks.SelectMany(static part => part.Partitions.Select(partition => new TaskId(part.SubtopologyId, partition))));

    private static TaskSet Copies(WireList<StreamsGroupCurrentMemberAssignmentValue.Tasks> tasks) =>
        TaskSet.Of(tasks.SelectMany(static part => part.Partitions.Select(partition => new TaskId(part.SubtopologyId, partition))));

    // Brokers before 4.3 wrote no epochs: a task counts as assigned in the member's.
    private static TaskSet Active(WireList<StreamsGroupCurrentMemberAssignmentValue.Tasks> tasks, int memberEpoch)
    {
        var all = new List<KeyValuePair<TaskId, int>>();
        foreach (var part in tasks)
        {
            var epochs = part.AssignmentEpochs?.Count == part.Partitions.Count ? part.AssignmentEpochs : null;
            for (var at = 0; at < part.Partitions.Count; at++) all.Add(KeyValuePair.Create(new TaskId(part.SubtopologyId, part.Partitions[at]), epochs?[at] ?? memberEpoch));
        }

        return TaskSet.Of(all);
    }
}
