using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Offsets;

/// <summary>Commits, reads and deletes the offsets of groups of every protocol. Requests name topics by name here.</summary>
public sealed class GroupOffsets(GroupMachine machine)
{
    private const short FirstWithoutRetention = 5;
    private const short FirstWithMissingGroup = 9;
    private const long NoRetention = -1;
    private const short ExpiringVersion = 1;
    private const short CurrentVersion = 4;

    private readonly OffsetExpiry _expiry = new(machine);

    public OffsetStore Store { get; } = new(machine.Undo);

    public bool Replay(IMessage key, IMessage? value, TransactionProducer? producer) => Store.Replay(key, value, producer);

    public void ReplayMarker(TransactionProducer producer, bool isCommit) => Store.ReplayMarker(producer, isCommit);

    public void Loaded(Outcome outcome) => _expiry.Loaded(outcome);

    public bool Elapsed(ShardTimer timer, Outcome outcome) => _expiry.Elapsed(timer, outcome);

    /// <summary>Partitions that do not exist are left out of the request, and stand in the answer already.</summary>
    public void Commit(OffsetCommitRequest request, short version, PendingReply<OffsetCommitResponse> answer, Outcome outcome)
    {
        var caller = new OffsetCaller(request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch, Version: version);
        var missing = version >= FirstWithMissingGroup ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
        var error = Check(request.GroupId, caller, missing, outcome);
        var expires = version < FirstWithoutRetention && request.RetentionTimeMs != NoRetention ? outcome.Now + request.RetentionTimeMs : -1;
        foreach (var topic in request.Topics)
        {
            var told = Told(answer.Response, topic);
            foreach (var part in topic.Partitions)
            {
                var result = error == ErrorCode.None ? CheckPart(request.GroupId, caller, topic.Name, topic.TopicId, part.PartitionIndex) : error;
                if (result == ErrorCode.None)
                {
                    var value = new OffsetCommitValue
                    {
                        Offset = part.CommittedOffset, LeaderEpoch = part.CommittedLeaderEpoch, CommitTimestamp = outcome.Now, ExpireTimestamp = expires, TopicId = topic.TopicId,
                    };
                    result = Append(request.GroupId, topic.Name, part.PartitionIndex, value, part.CommittedMetadata, outcome);
                }

                told.Partitions.Add(new OffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = result });
            }
        }

        outcome.Send(answer);
    }

    /// <summary>Offsets that count when the producer's transaction is committed.</summary>
    public void Commit(TxnOffsetCommitRequest request, short version, PendingReply<TxnOffsetCommitResponse> answer, Outcome outcome)
    {
        var caller = new OffsetCaller(request.MemberId, request.GroupInstanceId, request.GenerationId, IsTransactional: true, version);
        var error = Check(request.GroupId, caller, ErrorCode.IllegalGeneration, outcome);
        // The request knows no epochs of members, only generations.
        if (error is ErrorCode.StaleMemberEpoch or ErrorCode.GroupIdNotFound) error = ErrorCode.IllegalGeneration;
        outcome.Producer = new TransactionProducer(request.ProducerId, request.ProducerEpoch);
        foreach (var topic in request.Topics)
        {
            var told = Told(answer.Response, topic.Name);
            foreach (var part in topic.Partitions)
            {
                var result = error == ErrorCode.None ? CheckPart(request.GroupId, caller, topic.Name, Uuid.Zero, part.PartitionIndex) : error;
                if (result == ErrorCode.StaleMemberEpoch) result = ErrorCode.IllegalGeneration;
                if (result == ErrorCode.None)
                {
                    var value = new OffsetCommitValue { Offset = part.CommittedOffset, LeaderEpoch = part.CommittedLeaderEpoch, CommitTimestamp = outcome.Now };
                    result = Append(request.GroupId, topic.Name, part.PartitionIndex, value, part.CommittedMetadata, outcome);
                }

                told.Partitions.Add(new TxnOffsetCommitResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = result });
            }
        }

        outcome.Send(answer);
    }

    /// <summary>Reads a group's offsets; where the group does not exist it has none.</summary>
    public void Fetch(OffsetFetchRequest.Group asked, bool mustBeStable, OffsetFetchResponse.Group told)
    {
        told.GroupId = asked.GroupId;
        if (machine.Find(asked.GroupId) is { } group)
        {
            told.ErrorCode = group.CheckFetch(new OffsetCaller(asked.MemberId ?? "", null, asked.MemberEpoch));
            if (told.ErrorCode != ErrorCode.None) return;
        }

        foreach (var (name, id, numbers) in asked.Topics is null ? Everything(asked.GroupId) : Asked(asked.Topics))
        {
            var topic = new OffsetFetchResponse.GroupTopic { Name = name, TopicId = id };
            told.Topics.Add(topic);
            foreach (var number in numbers) topic.Partitions.Add(Read(asked.GroupId, new TopicPart(name, number), id, mustBeStable));
        }
    }

    public void Delete(OffsetDeleteRequest request, PendingReply<OffsetDeleteResponse> answer, Outcome outcome)
    {
        var group = machine.Find(request.GroupId);
        answer.Response.ErrorCode = group?.CheckOffsetDelete() ?? ErrorCode.GroupIdNotFound;
        outcome.Send(answer);
        if (answer.Response.ErrorCode != ErrorCode.None)
        {
            // The error of the whole is all that is told.
            answer.Response.Topics.Clear();
            return;
        }

        foreach (var topic in request.Topics)
        {
            var told = Told(answer.Response, topic.Name);
            var error = group!.IsSubscribedTo(topic.Name) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            foreach (var part in topic.Partitions)
            {
                told.Partitions.Add(new OffsetDeleteResponse.Partition { PartitionIndex = part.PartitionIndex, ErrorCode = error });
                var key = new TopicPart(topic.Name, part.PartitionIndex);
                if (error == ErrorCode.None && (Store.Find(request.GroupId, key) is not null || Store.IsPending(request.GroupId, key))) Forget(request.GroupId, key, outcome);
            }
        }
    }

    /// <summary>Tombstones for all offsets of a group, those of open transactions too.</summary>
    public void Forget(string group, Outcome outcome)
    {
        foreach (var part in Store.All(group).Select(static entry => entry.Key).Union(Store.Pending(group)).ToList()) Forget(group, part, outcome);
    }

    /// <summary>What was committed for a topic that is gone. Another may have its name by now, and keeps what was committed for it.</summary>
    public void ForgetTopic(string topic, Uuid id, Outcome outcome)
    {
        // One offset has nothing to do with another.
        outcome.MayBeSplit = true;
        foreach (var group in machine.All.Select(static group => group.Name).ToList())
        {
            var parts = Store.All(group).Where(entry => entry.Value.TopicId.IsZero || entry.Value.TopicId == id).Select(static entry => entry.Key).Union(Store.Pending(group));
            foreach (var part in parts.Where(part => part.Topic == topic).ToList()) Forget(group, part, outcome);
        }
    }

    internal static void Forget(string group, TopicPart part, Outcome outcome) =>
        outcome.Append(new OffsetCommitKey { Group = group, Topic = part.Topic, Partition = part.Partition }, null);

    private ErrorCode Check(string name, in OffsetCaller caller, ErrorCode missing, Outcome outcome)
    {
        if (machine.Find(name) is { } group) return group.CheckCommit(caller, outcome);
        // Who is no member makes a group by his offsets alone.
        if (caller.Epoch >= 0) return missing;
        machine.Classic.Ensure(name);
        return ErrorCode.None;
    }

    // The protocols know topics by their ids; requests need not.
    private ErrorCode CheckPart(string name, in OffsetCaller caller, string topic, Uuid id, int partition)
    {
        if (machine.Find(name) is not { } group) return ErrorCode.None;
        if (id.IsZero) id = machine.Topics.Find(topic)?.Id ?? Uuid.Zero;
        return group.CheckCommitOf(caller, topic, id, partition);
    }

    /// <summary>Some of its partitions may have been refused before.</summary>
    private static OffsetCommitResponse.Topic Told(OffsetCommitResponse response, OffsetCommitRequest.Topic topic)
    {
        foreach (var known in response.Topics)
        {
            if (known.Name == topic.Name && known.TopicId == topic.TopicId) return known;
        }

        var told = new OffsetCommitResponse.Topic { Name = topic.Name, TopicId = topic.TopicId };
        response.Topics.Add(told);
        return told;
    }

    private static OffsetDeleteResponse.Topic Told(OffsetDeleteResponse response, string name)
    {
        foreach (var known in response.Topics)
        {
            if (known.Name == name) return known;
        }

        var told = new OffsetDeleteResponse.Topic { Name = name };
        response.Topics.Add(told);
        return told;
    }

    private static TxnOffsetCommitResponse.Topic Told(TxnOffsetCommitResponse response, string name)
    {
        foreach (var known in response.Topics)
        {
            if (known.Name == name) return known;
        }

        var told = new TxnOffsetCommitResponse.Topic { Name = name };
        response.Topics.Add(told);
        return told;
    }

    private ErrorCode Append(string group, string topic, int partition, OffsetCommitValue value, string? metadata, Outcome outcome)
    {
        if (metadata is not null && metadata.Length > machine.Rules().MaxMetadataBytes) return ErrorCode.OffsetMetadataTooLarge;
        value.Metadata = metadata ?? "";
        var version = value.ExpireTimestamp >= 0 ? ExpiringVersion : CurrentVersion;
        outcome.Append(new OffsetCommitKey { Group = group, Topic = topic, Partition = partition }, value, version);
        return ErrorCode.None;
    }

    private OffsetFetchResponse.GroupPartition Read(string group, TopicPart part, Uuid id, bool mustBeStable)
    {
        var told = new OffsetFetchResponse.GroupPartition { PartitionIndex = part.Partition, CommittedOffset = -1, CommittedLeaderEpoch = -1, Metadata = "" };
        if (mustBeStable && Store.IsPending(group, part))
        {
            told.ErrorCode = ErrorCode.UnstableOffsetCommit;
            return told;
        }

        if (Store.Find(group, part) is not { } offset) return told;
        // Of a topic that had the name before.
        if (!id.IsZero && !offset.TopicId.IsZero && offset.TopicId != id) return told;
        (told.CommittedOffset, told.CommittedLeaderEpoch, told.Metadata) = (offset.Offset, offset.LeaderEpoch, offset.Metadata);
        return told;
    }

    private IEnumerable<(string Name, Uuid Id, IEnumerable<int> Numbers)> Everything(string group)
    {
        foreach (var topic in Store.All(group).GroupBy(static entry => entry.Key.Topic).OrderBy(static topic => topic.Key, StringComparer.Ordinal))
            yield return (topic.Key, Uuid.Zero, topic.Select(static entry => entry.Key.Partition).Order());
    }

    private static IEnumerable<(string Name, Uuid Id, IEnumerable<int> Numbers)> Asked(WireList<OffsetFetchRequest.GroupTopic> topics)
    {
        for (var i = 0; i < topics.Count; i++) yield return (topics[i].Name, topics[i].TopicId, topics[i].PartitionIndexes);
    }
}
