using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Groups: listed, described, moved, deleted.</summary>
public sealed class GroupAdmin
{
    // Later ones name topics by ids, which are nobody's business here.
    private const short LastCommitByName = 9;
    private const short LastFetchByName = 9;
    private const short FirstFetchOfSeveral = 8;
    private const short FirstLeaveOfSeveral = 3;

    private readonly ClientCore _core;
    private readonly TopicAdmin _topics;

    internal GroupAdmin(ClientCore core, TopicAdmin topics) => (_core, _topics) = (core, topics);

    /// <summary>The groups of all brokers, in the order of their ids; of a broker that cannot be asked, its error.</summary>
    /// <param name="states">Only in one of these states; none for any.</param>
    /// <param name="types">Only of one of these types; none for any.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<GroupInfo>>> ListAsync(IReadOnlyCollection<string>? states = null, IReadOnlyCollection<string>? types = null, CancellationToken cancellation = default)
    {
        var request = new ListGroupsRequest { StatesFilter = [.. states ?? []], TypesFilter = [.. types ?? []] };
        var outcomes = await Outcomes.OfBrokersAsync<GroupInfo>(await _core.BrokersAsync(cancellation).ConfigureAwait(false), async broker =>
        {
            var response = await _core.Router.AskAsync<ListGroupsResponse>(
                Destination.Node(broker), ApiKey.ListGroups, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
            return response.Groups.Select(group => new Outcome<GroupInfo>(group.GroupId, new GroupInfo(group.GroupId, Known(group.GroupType), group.ProtocolType, Known(group.GroupState), broker), null));
        }).ConfigureAwait(false);
        outcomes.Sort(static (one, other) => string.CompareOrdinal(one.Item, other.Item));
        return outcomes;
    }

    /// <summary>Each group with its members; one that is not there comes with its error.</summary>
    public async Task<IReadOnlyList<Outcome<GroupDescription>>> DescribeAsync(IReadOnlyCollection<string> groups, CancellationToken cancellation = default) =>
        await Outcomes.OfEachAsync(groups, group => GroupDescriptions.AskAsync(_core, group, cancellation)).ConfigureAwait(false);

    /// <summary>What a group has stored; a group that nobody knows has stored nothing.</summary>
    public async Task<Dictionary<TopicPartition, Outcome<OffsetPosition>>> OffsetsAsync(string group, CancellationToken cancellation = default)
    {
        var response = await _core.Router.AskAsync<OffsetFetchResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.OffsetFetch,
            version => version >= FirstFetchOfSeveral
                ? new OffsetFetchRequest { Groups = [new OffsetFetchRequest.Group { GroupId = group, Topics = null }] }
                : new OffsetFetchRequest { GroupId = group, Topics = null },
            static answer => (answer.Groups.Count > 0 ? answer.Groups[0].ErrorCode : answer.ErrorCode, null),
            cancellation, LastFetchByName).ConfigureAwait(false);
        var offsets = new Dictionary<TopicPartition, Outcome<OffsetPosition>>();
        foreach (var topic in response.Topics)
        {
            foreach (var one in topic.Partitions) Add(topic.Name, one.PartitionIndex, one.CommittedOffset, one.CommittedLeaderEpoch, one.Metadata, one.ErrorCode);
        }

        foreach (var topic in response.Groups.Count > 0 ? response.Groups[0].Topics : [])
        {
            foreach (var one in topic.Partitions) Add(topic.Name, one.PartitionIndex, one.CommittedOffset, one.CommittedLeaderEpoch, one.Metadata, one.ErrorCode);
        }

        return offsets;

        // The request's two forms have answers of two types.
        void Add(string topic, int partition, long offset, int epoch, string? metadata, ErrorCode error)
        {
            var where = new TopicPartition(topic, partition);
            if (offset >= 0 || error != ErrorCode.None) offsets[where] = Outcomes.Of(where, error, new OffsetPosition(offset, epoch, metadata));
        }
    }

    /// <summary>How far a group is behind, in every partition that it has stored an offset of or that a member has.</summary>
    /// <exception cref="KafkaException">The group is not there, or may not be seen.</exception>
    public async Task<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellation = default) =>
        await LagAsync(await GroupDescriptions.AskAsync(_core, group, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

    /// <summary>The same, of a group that was described already.</summary>
    public async Task<IReadOnlyList<PartitionLag>> LagAsync(GroupDescription group, CancellationToken cancellation = default)
    {
        if (group.IsShare) return await ShareLagAsync(group.Id, cancellation).ConfigureAwait(false);
        var committed = await OffsetsAsync(group.Id, cancellation).ConfigureAwait(false);
        var holders = new Dictionary<TopicPartition, GroupMember>();
        foreach (var member in group.Members)
        {
            foreach (var where in member.Assigned) holders[where] = member;
        }

        var all = new HashSet<TopicPartition>(committed.Keys);
        all.UnionWith(holders.Keys);
        var ends = await LookUpAsync(all, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
        var lags = new List<PartitionLag>();
        foreach (var where in all)
        {
            long? stored = committed.TryGetValue(where, out var found) && found.Succeeded ? found.Value.Offset : null;
            long? end = ends[where].Succeeded ? ends[where].Value.Offset : null;
            lags.Add(new PartitionLag(where, stored, end, holders.GetValueOrDefault(where)));
        }

        lags.Sort(static (one, other) => Compare(one.Where, other.Where));
        return lags;
    }

    /// <summary>What a seek would do; nothing is changed.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="partitions">Which; none for those the group has stored an offset of.</param>
    /// <param name="seek">Where to.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<OffsetMove>>> PlanAsync(string group, IReadOnlyCollection<TopicPartition> partitions, GroupSeek seek, CancellationToken cancellation = default)
    {
        var committed = new Dictionary<TopicPartition, long?>();
        foreach (var (where, stored) in await OffsetsAsync(group, cancellation).ConfigureAwait(false)) committed[where] = stored.Succeeded ? stored.Value.Offset : null;
        return await PlanAsync(committed, partitions, seek, cancellation).ConfigureAwait(false);
    }

    /// <summary>Does what a plan says, but for what it could not plan.</summary>
    public Task<IReadOnlyList<Outcome<TopicPartition>>> ApplyAsync(string group, IEnumerable<Outcome<OffsetMove>> plan, CancellationToken cancellation = default)
    {
        var offsets = new Dictionary<TopicPartition, OffsetPosition>();
        foreach (var move in plan)
        {
            if (move.Succeeded) offsets[move.Value.Where] = new OffsetPosition(move.Value.To, -1, null);
        }

        return offsets.Count == 0 ? Task.FromResult<IReadOnlyList<Outcome<TopicPartition>>>([]) : AlterOffsetsAsync(group, offsets, cancellation);
    }

    /// <summary>Where a share group stands in each partition that it has begun.</summary>
    /// <exception cref="KafkaException">The group is not there, or the cluster has no share groups.</exception>
    public Task<Dictionary<TopicPartition, Outcome<ShareOffset>>> ShareOffsetsAsync(string group, CancellationToken cancellation = default) => ShareGroupOffsets.AskAsync(_core, group, cancellation);

    /// <summary>What a seek of a share group would do; nothing is changed.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="partitions">Which; none for those that the group has begun.</param>
    /// <param name="seek">Where to.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<OffsetMove>>> PlanShareAsync(string group, IReadOnlyCollection<TopicPartition> partitions, GroupSeek seek, CancellationToken cancellation = default)
    {
        var starts = new Dictionary<TopicPartition, long?>();
        foreach (var (where, stored) in await ShareOffsetsAsync(group, cancellation).ConfigureAwait(false)) starts[where] = stored.Succeeded ? stored.Value.Start : null;
        return await PlanAsync(starts, partitions, seek, cancellation).ConfigureAwait(false);
    }

    /// <summary>Does what a plan for a share group says, but for what it could not plan; the group must have no members.</summary>
    public Task<IReadOnlyList<Outcome<TopicPartition>>> ApplyShareAsync(string group, IEnumerable<Outcome<OffsetMove>> plan, CancellationToken cancellation = default)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var move in plan)
        {
            if (move.Succeeded) offsets[move.Value.Where] = move.Value.To;
        }

        return offsets.Count == 0 ? Task.FromResult<IReadOnlyList<Outcome<TopicPartition>>>([]) : AlterShareOffsetsAsync(group, offsets, cancellation);
    }

    /// <summary>Moves a share group; it must have no members.</summary>
    /// <exception cref="KafkaException">The group has members, or is not there.</exception>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> AlterShareOffsetsAsync(string group, IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation = default) =>
        await ShareGroupOffsets.AlterAsync(_core, group, offsets, cancellation).ConfigureAwait(false);

    /// <summary>Has a share group forget where it stands in topics; it must have no members.</summary>
    /// <exception cref="KafkaException">The group has members, or is not there.</exception>
    public async Task<IReadOnlyList<Outcome<string>>> DeleteShareOffsetsAsync(string group, IReadOnlyCollection<string> topics, CancellationToken cancellation = default) =>
        await ShareGroupOffsets.DeleteAsync(_core, group, topics, cancellation).ConfigureAwait(false);

    /// <summary>Has members leave a group: dead ones whose session would take long to end, or static ones, which stay away for good.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="members">Ids of members, or with <paramref name="areInstances"/> of instances.</param>
    /// <param name="areInstances">Whether they are named by their <c>group.instance.id</c>.</param>
    /// <param name="reason">Told to the broker's log.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<Outcome<string>>> RemoveMembersAsync(
        string group, IReadOnlyCollection<string> members, bool areInstances = false, string? reason = null, CancellationToken cancellation = default)
    {
        var request = new LeaveGroupRequest { GroupId = group };
        foreach (var member in members)
            request.Members.Add(new LeaveGroupRequest.Member { MemberId = areInstances ? "" : member, GroupInstanceId = areInstances ? member : null, Reason = reason });
        var response = await _core.Router.AskAsync<LeaveGroupResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.LeaveGroup, version => version >= FirstLeaveOfSeveral ? request : throw new KafkaException(
                ErrorCode.UnsupportedVersion, "brokers before 2.4 let nobody else have members leave", group), static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<string>>();
        foreach (var left in response.Members)
        {
            var name = areInstances ? left.GroupInstanceId ?? "" : left.MemberId;
            outcomes.Add(new(name, name, left.ErrorCode == ErrorCode.None ? null : KafkaException.Of(left.ErrorCode, null, name)));
        }

        return outcomes;
    }

    /// <summary>Stores offsets in a group's name; it must have no members.</summary>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> AlterOffsetsAsync(string group, IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation = default)
    {
        var request = new OffsetCommitRequest { GroupId = group };
        foreach (var (topic, partitions) in TopicPartitions.ByTopic(offsets.Keys))
        {
            var asked = new OffsetCommitRequest.Topic { Name = topic };
            foreach (var partition in partitions)
            {
                var offset = offsets[new TopicPartition(topic, partition)];
                asked.Partitions.Add(new OffsetCommitRequest.Partition { PartitionIndex = partition, CommittedOffset = offset.Offset, CommittedLeaderEpoch = offset.LeaderEpoch, CommittedMetadata = offset.Metadata ?? "" });
            }

            request.Topics.Add(asked);
        }

        var response = await _core.Router.AskAsync<OffsetCommitResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.OffsetCommit, _ => request, static answer => OfCoordinator(answer.Topics.Count > 0 ? answer.Topics[0].Partitions[0].ErrorCode : ErrorCode.None),
            cancellation, LastCommitByName).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.Topics)
        {
            foreach (var one in topic.Partitions) outcomes.Add(Outcomes.Of(new(topic.Name, one.PartitionIndex), one.ErrorCode, new TopicPartition(topic.Name, one.PartitionIndex)));
        }

        return outcomes;
    }

    /// <summary>Forgets what a group has stored of partitions; no member may still read their topics.</summary>
    /// <exception cref="KafkaException">The group is not there, or is not one that stores offsets.</exception>
    public async Task<IReadOnlyList<Outcome<TopicPartition>>> DeleteOffsetsAsync(string group, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
    {
        var request = new OffsetDeleteRequest { GroupId = group };
        foreach (var (topic, numbers) in TopicPartitions.ByTopic(partitions))
        {
            var asked = new OffsetDeleteRequest.Topic { Name = topic };
            foreach (var number in numbers) asked.Partitions.Add(new OffsetDeleteRequest.Partition { PartitionIndex = number });
            request.Topics.Add(asked);
        }

        var response = await _core.Router.AskAsync<OffsetDeleteResponse>(
            Destination.CoordinatorOfGroup(group), ApiKey.OffsetDelete, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var outcomes = new List<Outcome<TopicPartition>>();
        foreach (var topic in response.Topics)
        {
            foreach (var one in topic.Partitions) outcomes.Add(Outcomes.Of(new(topic.Name, one.PartitionIndex), one.ErrorCode, new TopicPartition(topic.Name, one.PartitionIndex)));
        }

        return outcomes;
    }

    /// <summary>Deletes groups that have no members, with everything they have stored.</summary>
    public async Task<IReadOnlyList<Outcome<string>>> DeleteAsync(IReadOnlyCollection<string> groups, CancellationToken cancellation = default) =>
        await Outcomes.OfEachAsync(groups, async group =>
        {
            await _core.Router.AskAsync<DeleteGroupsResponse>(
                Destination.CoordinatorOfGroup(group), ApiKey.DeleteGroups, new DeleteGroupsRequest { GroupsNames = [group] }, static answer => (answer.Results[0].ErrorCode, null), cancellation).ConfigureAwait(false);
            return group;
        }).ConfigureAwait(false);

    private async Task<IReadOnlyList<PartitionLag>> ShareLagAsync(string group, CancellationToken cancellation)
    {
        var starts = await ShareOffsetsAsync(group, cancellation).ConfigureAwait(false);
        var ends = await LookUpAsync(starts.Keys, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
        var lags = new List<PartitionLag>();
        foreach (var (where, start) in starts)
            lags.Add(new PartitionLag(where, start.Value.Start, ends[where].Succeeded ? ends[where].Value.Offset : null, null) { Lag = start.Value.Lag });
        lags.Sort(static (one, other) => Compare(one.Where, other.Where));
        return lags;
    }

    private async Task<IReadOnlyList<Outcome<OffsetMove>>> PlanAsync(Dictionary<TopicPartition, long?> committed, IReadOnlyCollection<TopicPartition> partitions, GroupSeek seek, CancellationToken cancellation)
    {
        var moved = new List<TopicPartition>(partitions.Count > 0 ? partitions : committed.Keys);
        moved.Sort(Compare);
        var starts = await LookUpAsync(moved, OffsetQuery.Earliest, cancellation).ConfigureAwait(false);
        var ends = await LookUpAsync(moved, OffsetQuery.Latest, cancellation).ConfigureAwait(false);
        var sought = seek.Query switch
        {
            null => [],
            { } query when query == OffsetQuery.Earliest => starts,
            { } query when query == OffsetQuery.Latest => ends,
            { } query => await LookUpAsync(moved, query, cancellation).ConfigureAwait(false),
        };
        var plan = new List<Outcome<OffsetMove>>();
        foreach (var where in moved)
        {
            var error = starts[where].Error ?? ends[where].Error ?? (sought.TryGetValue(where, out var looked) ? looked.Error : null);
            var from = committed.GetValueOrDefault(where);
            if (error is null && seek.IsShift && from is null) error = new KafkaException(ErrorCode.OffsetOutOfRange, "the group has stored no offset to go on or back from", where.ToString());
            if (error is not null)
            {
                plan.Add(new(where.ToString(), default, error));
                continue;
            }

            var (start, end) = (starts[where].Value.Offset, ends[where].Value.Offset);
            var to = seek.Query is null ? Math.Clamp(seek.IsShift ? Sum(from!.Value, seek.Number) : seek.Number, start, end) : sought[where].Value.Offset is var found && found >= 0 ? found : end;
            plan.Add(new(where.ToString(), new OffsetMove(where, from, to, end), null));
        }

        return plan;
    }

    private static string? Known(string told) => told.Length == 0 ? null : told;

    // Beyond the largest there is nothing to go to.
    private static long Sum(long offset, long records) => records > long.MaxValue - offset ? long.MaxValue : offset + records;

    private static int Compare(TopicPartition one, TopicPartition other) =>
        string.CompareOrdinal(one.Topic, other.Topic) is var order && order != 0 ? order : one.Partition.CompareTo(other.Partition);

    /// <summary>Only what says that another broker is to be asked, or later, concerns the request as a whole.</summary>
    private static (ErrorCode Code, string? Told) OfCoordinator(ErrorCode first) =>
        first is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress ? (first, null) : (ErrorCode.None, null);

    private Task<Dictionary<TopicPartition, Outcome<FoundOffset>>> LookUpAsync(IReadOnlyCollection<TopicPartition> partitions, OffsetQuery query, CancellationToken cancellation)
    {
        var queries = new Dictionary<TopicPartition, OffsetQuery>();
        foreach (var where in partitions) queries[where] = query;
        return _topics.OffsetsAsync(queries, cancellation: cancellation);
    }
}
