using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>Refuses heartbeats that are wrong: whatever the group's state is, or by what it knows of who speaks.</summary>
internal static class StreamsHeartbeatCheck
{
    public static void Check(StreamsGroupHeartbeatRequest request)
    {
        CheckServed(request);
        NotEmpty(request.MemberId, "MemberId can't be empty.");
        NotEmpty(request.GroupId, "GroupId can't be empty.");
        NotEmpty(request.RackId, "RackId can't be empty.");
        if (request.MemberEpoch == 0) CheckJoin(request);
        else if (request.MemberEpoch == StreamsMember.LeavingForNowEpoch) throw Invalid("InstanceId can't be null.");
        else if (request.MemberEpoch < StreamsMember.LeavingForNowEpoch) throw Invalid($"MemberEpoch is {request.MemberEpoch}, but must be greater than or equal to -2.");
        var told = (request.ActiveTasks is null ? 0 : 1) + (request.StandbyTasks is null ? 0 : 1) + (request.WarmupTasks is null ? 0 : 1);
        if (told is 1 or 2) throw Invalid("If one task-type is non-null, all must be non-null.");
        if (request.MemberEpoch != 0 && request.Topology is not null) throw Invalid("Topology can only be provided when (re-)joining.");
    }

    /// <summary>A member whose last answer was lost may be an epoch behind, if it has nothing it was not given.</summary>
    public static void CheckEpoch(StreamsMember member, int epoch, MemberTasks? owned)
    {
        if (epoch == 0 || epoch == member.Epoch) return;
        if (epoch > member.Epoch) throw Fenced("greater", epoch, member);
        if (epoch == member.PreviousEpoch && owned is not null && owned.Active.Ids.All(member.Assigned.Active.Contains) &&
            owned.Standby.Ids.All(member.Assigned.Standby.Contains) && owned.Warmup.Ids.All(member.Assigned.Warmup.Contains)) return;
        throw Fenced("smaller", epoch, member);
    }

    /// <summary>A member runs no task that its topology does not have.</summary>
    public static void CheckTasks(ConfiguredTopology topology, MemberTasks? owned)
    {
        if (owned is null) return;
        foreach (var task in owned.Active.Ids.Concat(owned.Standby.Ids).Concat(owned.Warmup.Ids))
        {
            var part = topology.Find(task.Subtopology) ?? throw Invalid($"Subtopology {task.Subtopology} does not exist in the topology.");
            if (task.Partition < 0 || task.Partition >= part.TaskCount)
                throw Invalid($"Task {task.Partition} for subtopology {task.Subtopology} is invalid. Number of tasks for this subtopology: {part.TaskCount}");
        }
    }

    public static GroupRefusedException Unknown(string id, string group) => new(ErrorCode.UnknownMemberId, $"Member {id} is not a member of group {group}.");

    // What Apache Kafka 4.3 has in the request and refuses.
    private static void CheckServed(StreamsGroupHeartbeatRequest request)
    {
        if (request.InstanceId is not null) throw Invalid("Static membership is not yet supported.");
        if (request.TaskOffsets is not null) throw Invalid("TaskOffsets are not supported yet.");
        if (request.TaskEndOffsets is not null) throw Invalid("TaskEndOffsets are not supported yet.");
        if (request.WarmupTasks is { Count: > 0 }) throw Invalid("WarmupTasks are not supported yet.");
        if (request.Topology is { } topology && topology.Subtopologies.Any(static part => part.SourceTopicRegex.Count > 0))
            throw Invalid("Regular expressions for source topics are not supported yet.");
    }

    private static void CheckJoin(StreamsGroupHeartbeatRequest request)
    {
        if (request.RebalanceTimeoutMs == -1) throw Invalid("RebalanceTimeoutMs must be provided in first request.");
        if (request.ActiveTasks is not { Count: 0 }) throw Invalid("ActiveTasks must be empty when (re-)joining.");
        if (request.StandbyTasks is not { Count: 0 }) throw Invalid("StandbyTasks must be empty when (re-)joining.");
        if (request.WarmupTasks is not { Count: 0 }) throw Invalid("WarmupTasks must be empty when (re-)joining.");
        if (request.Topology is not { } topology) throw Invalid("Topology must be non-null when (re-)joining.");
        if (topology.Epoch < 0) throw Invalid($"A topology's epoch must not be negative, and is {topology.Epoch}.");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in topology.Subtopologies)
        {
            foreach (var changelog in part.StateChangelogTopics)
            {
                if (changelog.Partitions != 0)
                    throw Unusable($"Changelog topic {changelog.Name} must have an undefined partition count, but it is set to {changelog.Partitions}.");
            }

            if (!ids.Add(part.SubtopologyId)) throw Unusable($"The topology has subtopology {part.SubtopologyId} twice.");
            foreach (var group in part.CopartitionGroups)
            {
                CheckIndexes(group.SourceTopics, part.SourceTopics.Count, "SourceTopics", part.SubtopologyId);
                CheckIndexes(group.RepartitionSourceTopics, part.RepartitionSourceTopics.Count, "RepartitionSourceTopics", part.SubtopologyId);
            }
        }
    }

    private static void CheckIndexes(WireList<short> indexes, int count, string name, string subtopology)
    {
        foreach (var index in indexes)
        {
            if (index < 0 || index >= count) throw Unusable($"A copartition group of subtopology {subtopology} names place {index} of its {name}, which has {count}.");
        }
    }

    private static void NotEmpty(string? value, string message)
    {
        if (value is not null && string.IsNullOrWhiteSpace(value)) throw Invalid(message);
    }

    private static GroupRefusedException Invalid(string message) => new(ErrorCode.InvalidRequest, message);

    private static GroupRefusedException Unusable(string message) => new(ErrorCode.StreamsInvalidTopology, message);

    private static GroupRefusedException Fenced(string how, int epoch, StreamsMember member) => new(
        ErrorCode.FencedMemberEpoch,
        $"The streams group member has a {how} member epoch ({epoch}) than the one known by the group coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
}
