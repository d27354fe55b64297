using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>A member joins, or says that it is alive: one heartbeat, from what it says to what it is told.</summary>
internal sealed class StreamsHeartbeat(StreamsGroups groups, StreamsGroupHeartbeatRequest request, MemberClient client, Outcome outcome)
{
    private readonly StreamsRecords _records = new(request.GroupId);
    private readonly StreamsRules _rules = groups.Surroundings.Rules(request.GroupId);
    private readonly MemberTasks? _owned = Owned(request);

    private bool IsJoining => request.MemberEpoch == 0;

    /// <returns>The internal topics that are missing.</returns>
    public IReadOnlyList<InternalTopic> Run(StreamsGroupHeartbeatResponse response)
    {
        var group = groups.FindOrMake(request.GroupId, IsJoining, _records);
        var isNew = !groups.Knows(group);
        var known = group.FindMember(request.MemberId);
        ThrowIfFull(group, known);
        var before = known ?? (IsJoining ? new StreamsMember(request.MemberId) : throw StreamsHeartbeatCheck.Unknown(request.MemberId, group.Name));
        StreamsHeartbeatCheck.CheckEpoch(before, request.MemberEpoch, _owned);
        var member = Said(before);
        var hasSaidNew = known is null || !member.SaysSameAs(before);
        if (hasSaidNew) _records.Member(member);
        var topology = Topology(group);
        TellIfStale(group, member, response);
        var topics = groups.Surroundings.Topics();
        var (configured, epoch) = Configure(group, topology, topics, hasSaidNew);
        var wasEmpty = !group.HasMembers;
        if (wasEmpty) StreamsTimers.BeginDelay(group, _rules.InitialRebalanceDelay, outcome);
        var targets = new StreamsTargets(group, _rules);
        var (targetEpoch, target) = targets.Update(epoch, member, configured, StreamsTargets.Settings(_rules), _records, outcome.Now);
        if (targets.Delay is { } delay) Tell(response, StreamsStatus.AssignmentDelayed, delay);
        member = Reconcile(group, member, targetEpoch, target);
        groups.Append(group, _records, outcome);
        (group.Configured, group.TopicsRevision) = (configured, topics.Revision);
        groups.Timers.SetSession(group, member, outcome);
        if (request.ShutdownApplication) group.StoppedBy ??= member.Id;
        Tell(group, isNew, before, member, configured, response);
        return configured.Missing;
    }

    // A member that is known may join again, also where there is no room for another.
    private void ThrowIfFull(StreamsGroup group, StreamsMember? known)
    {
        if (IsJoining && known is null && group.MemberCount >= _rules.MaxSize)
            throw new GroupRefusedException(ErrorCode.GroupMaxSizeReached, $"The streams group has reached its maximum capacity of {_rules.MaxSize} members.");
    }

    private StreamsMember Said(StreamsMember before) => before with
    {
        RackId = request.RackId ?? before.RackId,
        ClientId = client.Id,
        ClientHost = client.Host,
        RebalanceTimeout = request.RebalanceTimeoutMs == -1 ? before.RebalanceTimeout : request.RebalanceTimeoutMs,
        TopologyEpoch = request.Topology?.Epoch ?? before.TopologyEpoch,
        ProcessId = request.ProcessId ?? before.ProcessId,
        Endpoint = request.UserEndpoint is { } endpoint ? new UserEndpoint(endpoint.Host, endpoint.Port) : before.Endpoint,
        Tags = request.ClientTags is { } tags
            ? [.. tags.DistinctBy(static tag => tag.Key, StringComparer.Ordinal).OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => KeyValuePair.Create(tag.Key, tag.Value))]
            : before.Tags,
    };

    /// <summary>The first member's counts, for all that come with it or after it.</summary>
    private StreamsTopology Topology(StreamsGroup group)
    {
        if (group.Topology.Value is not { } known)
        {
            if (request.Topology is null) throw new GroupRefusedException(ErrorCode.UnknownServerError, $"Streams group {group.Name} has no topology, and member {request.MemberId} tells none.");
            var first = TopologyForm.Read(request.Topology);
            _records.Topology(first);
            return first;
        }

        if (request.Topology is not { } told || told.Epoch < known.Epoch) return known;
        if (!TopologyForm.Equal(TopologyForm.Read(told), known)) throw new GroupRefusedException(ErrorCode.InvalidRequest, "Topology updates are not supported yet.");
        return known;
    }

    private static void TellIfStale(StreamsGroup group, StreamsMember member, StreamsGroupHeartbeatResponse response)
    {
        if (group.Topology.Value is { } known && member.TopologyEpoch < known.Epoch)
            Tell(response, StreamsStatus.StaleTopology, $"The member's topology epoch {member.TopologyEpoch} is behind the group's topology epoch {known.Epoch}.");
    }

    private (ConfiguredTopology Topology, int Epoch) Configure(StreamsGroup group, StreamsTopology topology, ITopicDirectory topics, bool mustGrow)
    {
        var stand = group.Stand.Value;
        var hash = stand.Hash;
        var configured = group.Topology.Value is null ? null : group.Configured;
        if (configured is null || group.TopicsRevision != topics.Revision)
        {
            hash = TopicHash.OfGroup(topology.RequiredTopics, topics);
            mustGrow |= hash != stand.Hash;
            if (configured is null || hash != stand.Hash) configured = TopologyConfiguration.Of(topology, topics);
        }

        if (configured.IsReady) StreamsHeartbeatCheck.CheckTasks(configured, _owned);
        var validated = configured.IsReady ? topology.Epoch : -1;
        var settings = StreamsTargets.Settings(_rules);
        mustGrow |= validated != stand.ValidatedTopology || !settings.SequenceEqual(stand.Settings);
        if (!mustGrow) return (configured, stand.Epoch);
        _records.Stand(new GroupStand(stand.Epoch + 1, hash, validated, settings));
        return (configured, stand.Epoch + 1);
    }

    private StreamsMember Reconcile(StreamsGroup group, StreamsMember member, int targetEpoch, MemberTasks target)
    {
        if (member.IsReconciledTo(targetEpoch)) return member;
        var next = new TaskReconciliation(member, targetEpoch, target, group.Holders, _owned).Next();
        if (next.HoldsSameAs(member)) return member;
        _records.Current(next);
        StreamsTimers.FollowRevocation(group, next, outcome);
        return next;
    }

    private void Tell(StreamsGroup group, bool isNew, StreamsMember before, StreamsMember member, ConfiguredTopology configured, StreamsGroupHeartbeatResponse response)
    {
        (response.MemberId, response.MemberEpoch, response.HeartbeatIntervalMs) = (member.Id, member.Epoch, _rules.HeartbeatInterval);
        var endpointEpoch = group.EndpointEpoch;
        var hasChanged = IsJoining || !member.Assigned.SameAs(before.Assigned);
        // Who says that he runs something else has missed an answer; Kafka 4.3.1 leaves him at that.
        if (hasChanged || (_owned is not null && !_owned.NamesSameAs(member.Assigned)))
        {
            response.ActiveTasks = [.. Told(member.Assigned.Active)];
            response.StandbyTasks = [.. Told(member.Assigned.Standby)];
            response.WarmupTasks = [.. Told(member.Assigned.Warmup)];
            if (hasChanged && member.Endpoint is not null) endpointEpoch++;
        }

        if (endpointEpoch != request.EndpointInformationEpoch)
            response.PartitionsByUserEndpoint = [.. EndpointPartitions.Of(group.Members.Where(other => other.Id != member.Id).Append(member), configured, groups.Surroundings.Topics())];
        // With the answer that makes a group its members begin at 0.
        if (!isNew) response.EndpointInformationEpoch = group.EndpointEpoch = endpointEpoch;
        if (configured.Problem is { } problem) Tell(response, problem.Status, problem.Detail);
        if (group.StoppedBy is { } stopper)
            Tell(response, StreamsStatus.ShutdownApplication, $"Streams group member {stopper} encountered a fatal error and requested a shutdown for the entire application.");
        response.Status ??= [];
    }

    private static void Tell(StreamsGroupHeartbeatResponse response, StreamsStatus status, string detail) =>
        (response.Status ??= []).Add(new StreamsGroupHeartbeatResponse.GroupStatus { StatusCode = (sbyte)status, StatusDetail = detail });

    private static IEnumerable<StreamsGroupHeartbeatResponse.Tasks> Told(TaskSet tasks) =>
        tasks.BySubtopology.Select(static part => new StreamsGroupHeartbeatResponse.Tasks { SubtopologyId = part.Subtopology, Partitions = [.. part.Partitions] });

    private static MemberTasks? Owned(StreamsGroupHeartbeatRequest request) =>
        request is { ActiveTasks: { } active, StandbyTasks: { } standby, WarmupTasks: { } warmup } ? new MemberTasks(Read(active), Read(standby), Read(warmup)) : null;

    private static TaskSet Read(WireList<StreamsGroupHeartbeatRequest.Tasks> tasks) =>
        TaskSet.Of(tasks.SelectMany(static part => part.Partitions.Select(partition => new TaskId(part.SubtopologyId, partition))));
}
