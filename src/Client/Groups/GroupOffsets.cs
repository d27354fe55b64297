using Moldau.Client.Connections;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>What a group has stored of how far it has read: written in a member's name, and read.</summary>
internal sealed class GroupOffsets(
    ClientCore core, string group, HeldPartitions? held, Func<GroupIdentity?> identity, Func<bool> hasEpochs, Action hasten)
{
    private const short LastCommitByName = 9;
    private const short LastFetchByName = 9;
    private const short FirstFetchOfSeveral = 8;
    private const short FirstFetchOfMembers = 9;

    private readonly Destination _coordinator = Destination.CoordinatorOfGroup(group);

    /// <summary>For one who commits in a group's name and is none of its members; the group must have none.</summary>
    public static GroupOffsets WithoutMember(ClientCore core, string group)
    {
        var nobody = new GroupIdentity(group, "", -1, null);
        return new GroupOffsets(core, group, null, () => nobody, static () => false, static () => { });
    }

    /// <summary>Whether an offset was refused because its partition is another's by now, or is about to be.</summary>
    public static bool IsStale(ErrorCode code) => code is ErrorCode.StaleMemberEpoch or ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId
        or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId or ErrorCode.RebalanceInProgress;

    public async Task<Dictionary<TopicPartition, Outcome<OffsetPosition>>> CommitAsync(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation)
    {
        using var watch = core.Figures.Consuming.BeginCommit(core.Spans, group, offsets.Keys);
        try
        {
            return await StoreUntilAsync(offsets, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            watch.Fail(failure);
            throw;
        }
    }

    private async Task<Dictionary<TopicPartition, Outcome<OffsetPosition>>> StoreUntilAsync(IReadOnlyDictionary<TopicPartition, OffsetPosition> offsets, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<TopicPartition, Outcome<OffsetPosition>>();
        var left = new Dictionary<TopicPartition, (OffsetPosition Offset, long Since)>();
        foreach (var (where, offset) in offsets) left[where] = (offset, Since(where));
        var started = core.Options.Clock.GetTimestamp();
        for (var round = 1; ; round++)
        {
            var member = identity();
            foreach (var (where, (offset, since)) in new Dictionary<TopicPartition, (OffsetPosition Offset, long Since)>(left))
            {
                if (since != 0 && since == Since(where) && member is not null) continue;
                left.Remove(where);
                outcomes[where] = Outcomes.Of(where, ErrorCode.StaleMemberEpoch, offset);
            }

            if (left.Count == 0) return outcomes;
            var isNews = false;
            foreach (var (where, code) in await StoreAsync(left, member!, cancellation).ConfigureAwait(false))
            {
                if (!left.TryGetValue(where, out var one)) continue;
                outcomes[where] = Outcomes.Of(where, code, one.Offset);
                var mayPass = code.IsRetriable() || code is ErrorCode.StaleMemberEpoch or ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration;
                if (!mayPass) left.Remove(where);
                isNews |= IsStale(code);
            }

            if (left.Count == 0 || core.Options.Clock.GetElapsedTime(started) > core.Options.OperationTimeout) return outcomes;
            // A newer epoch is known with the next heartbeat; whether the partition is still this member's, too.
            if (isNews && identity() == member) hasten();
            await Task.Delay(core.BackOff.After(round), core.Options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    public async Task<Dictionary<TopicPartition, OffsetPosition>> CommittedAsync(IReadOnlyCollection<TopicPartition> partitions, bool isStable, CancellationToken cancellation)
    {
        var found = new Dictionary<TopicPartition, OffsetPosition>();
        if (partitions.Count == 0) return found;
        var started = core.Options.Clock.GetTimestamp();
        for (var round = 1; ; round++)
        {
            var code = await LookUpAsync(partitions, isStable, found, cancellation).ConfigureAwait(false);
            if (code == ErrorCode.None) return found;
            var mayPass = code.IsRetriable() || code is ErrorCode.StaleMemberEpoch or ErrorCode.UnstableOffsetCommit || (code == ErrorCode.UnknownMemberId && hasEpochs());
            if (!mayPass || core.Options.Clock.GetElapsedTime(started) > core.Options.OperationTimeout) throw KafkaException.Of(code, null, $"group '{group}'");
            if (code == ErrorCode.StaleMemberEpoch) hasten();
            if (Retries.IsStaleness(code)) core.Metadata.MarkStale();
            await Task.Delay(core.BackOff.After(round), core.Options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    // Who is no member holds what he says he does.
    private long Since(TopicPartition where) => held is null ? 1 : held.Since(where);

    private async Task<List<(TopicPartition Where, ErrorCode Code)>> StoreAsync(Dictionary<TopicPartition, (OffsetPosition Offset, long Since)> offsets, GroupIdentity member, CancellationToken cancellation)
    {
        var topics = PartitionOrder.ByTopic(offsets.Keys);
        var (cluster, hasIds) = await ClusterAsync(topics.Keys, cancellation).ConfigureAwait(false);
        var request = new OffsetCommitRequest { GroupId = group, GenerationIdOrMemberEpoch = member.GenerationOrEpoch, MemberId = member.MemberId, GroupInstanceId = member.InstanceId };
        foreach (var (topic, numbers) in topics)
        {
            var asked = new OffsetCommitRequest.Topic { Name = topic, TopicId = hasIds ? cluster.Topics[topic].Id : default };
            foreach (var number in numbers)
            {
                var offset = offsets[new TopicPartition(topic, number)].Offset;
                asked.Partitions.Add(new OffsetCommitRequest.Partition { PartitionIndex = number, CommittedOffset = offset.Offset, CommittedLeaderEpoch = offset.LeaderEpoch, CommittedMetadata = offset.Metadata ?? "" });
            }

            request.Topics.Add(asked);
        }

        var response = await core.Router.AskAsync<OffsetCommitResponse>(
            _coordinator, ApiKey.OffsetCommit, _ => request, static answer => OfCoordinator(answer), cancellation, hasIds ? short.MaxValue : LastCommitByName).ConfigureAwait(false);
        var codes = new List<(TopicPartition, ErrorCode)>();
        foreach (var topic in response.Topics)
        {
            var name = topic.TopicId.IsZero ? topic.Name : cluster.Find(topic.TopicId)?.Name;
            if (name is null) continue;
            foreach (var one in topic.Partitions)
            {
                if (Retries.IsStaleness(one.ErrorCode)) core.Metadata.MarkStale();
                codes.Add((new TopicPartition(name, one.PartitionIndex), one.ErrorCode));
            }
        }

        return codes;
    }

    /// <summary>Only what says that another broker is to be asked, or later, concerns the request as a whole.</summary>
    private static (ErrorCode Code, string? Told) OfCoordinator(OffsetCommitResponse answer)
    {
        var first = answer.Topics.Count > 0 && answer.Topics[0].Partitions.Count > 0 ? answer.Topics[0].Partitions[0].ErrorCode : ErrorCode.None;
        return first is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress ? (first, null) : (ErrorCode.None, null);
    }

    private async Task<ErrorCode> LookUpAsync(IReadOnlyCollection<TopicPartition> partitions, bool isStable, Dictionary<TopicPartition, OffsetPosition> found, CancellationToken cancellation)
    {
        found.Clear();
        var topics = PartitionOrder.ByTopic(partitions);
        var (cluster, hasIds) = await ClusterAsync(topics.Keys, cancellation).ConfigureAwait(false);
        var member = hasEpochs() ? identity() : null;
        var response = await core.Router.AskAsync<OffsetFetchResponse>(
            _coordinator, ApiKey.OffsetFetch, version => LookUp(version, topics, cluster, member, isStable),
            static answer => OfCoordinator(answer.Groups.Count > 0 ? answer.Groups[0].ErrorCode : answer.ErrorCode), cancellation, hasIds ? short.MaxValue : LastFetchByName).ConfigureAwait(false);
        var code = response.Groups.Count > 0 ? response.Groups[0].ErrorCode : response.ErrorCode;
        foreach (var topic in response.Topics)
        {
            foreach (var one in topic.Partitions) Add(topic.Name, one.PartitionIndex, one.CommittedOffset, one.CommittedLeaderEpoch, one.Metadata, one.ErrorCode);
        }

        foreach (var topic in response.Groups.Count > 0 ? response.Groups[0].Topics : [])
        {
            var name = topic.TopicId.IsZero ? topic.Name : cluster.Find(topic.TopicId)?.Name ?? "";
            foreach (var one in topic.Partitions) Add(name, one.PartitionIndex, one.CommittedOffset, one.CommittedLeaderEpoch, one.Metadata, one.ErrorCode);
        }

        return code;

        // The request's two forms have answers of two types.
        void Add(string topic, int partition, long offset, int epoch, string? metadata, ErrorCode error)
        {
            if (error != ErrorCode.None) code = error;
            else if (offset >= 0) found[new TopicPartition(topic, partition)] = new OffsetPosition(offset, epoch, metadata);
        }
    }

    private OffsetFetchRequest LookUp(short version, SortedDictionary<string, List<int>> topics, ClusterSnapshot cluster, GroupIdentity? member, bool isStable)
    {
        var request = new OffsetFetchRequest();
        const short FirstStable = 7;
        if (version >= FirstStable) request.RequireStable = isStable;
        if (version < FirstFetchOfSeveral)
        {
            request.GroupId = group;
            request.Topics = [];
            foreach (var (topic, numbers) in topics) request.Topics.Add(new OffsetFetchRequest.Topic { Name = topic, PartitionIndexes = [.. numbers] });
            return request;
        }

        var asked = new OffsetFetchRequest.Group { GroupId = group, Topics = [] };
        if (version >= FirstFetchOfMembers && member is not null) (asked.MemberId, asked.MemberEpoch) = (member.MemberId, member.GenerationOrEpoch);
        foreach (var (topic, numbers) in topics)
            asked.Topics.Add(new OffsetFetchRequest.GroupTopic { Name = topic, TopicId = version > LastFetchByName ? cluster.Topics[topic].Id : default, PartitionIndexes = [.. numbers] });
        request.Groups = [asked];
        return request;
    }

    private static (ErrorCode Code, string? Told) OfCoordinator(ErrorCode code) =>
        code is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress ? (code, null) : (ErrorCode.None, null);

    private async Task<(ClusterSnapshot Cluster, bool HasIds)> ClusterAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation)
    {
        var cluster = await core.Retries.RunAsync(token => core.Metadata.GetAsync(topics, false, token), static _ => { }, cancellation).ConfigureAwait(false);
        foreach (var topic in topics)
        {
            if (!cluster.Topics.TryGetValue(topic, out var info) || info.Id.IsZero) return (cluster, false);
        }

        return (cluster, true);
    }
}
