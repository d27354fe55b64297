using System.Globalization;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>The events of scenarios of groups: a line becomes a request.</summary>
internal sealed class GroupEvents(Action<string> tell)
{
    public void Run(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        switch (words.Event)
        {
            case "join": Join(words, run); break;
            case "sync": Sync(words, run); break;
            case "heartbeat": Heartbeat(words, run); break;
            case "leave": Leave(words, run); break;
            case "commit": Commit(words, run); break;
            case "txn-commit": TxnCommit(words, run); break;
            case "fetch": Fetch(words, run); break;
            case "delete-offsets": DeleteOffsets(words, run); break;
            case "delete": Delete(words, run); break;
            case "forget-topic": run(Reply<OffsetDeleteResponse>(words), (machine, outcome) => machine.Offsets.ForgetTopic(words.Plain(2), TopicId(words), outcome)); break;
            case "describe": Describe(words, run); break;
            case "list": List(words, run); break;
            default: throw new FormatException($"no event is called '{words.Event}'");
        }
    }

    public static (long Id, short Epoch) Producer(ScenarioWords words)
    {
        var parts = words.Text("producer", "7/0").Split('/');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), short.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private ScenarioReply<T> Reply<T>(ScenarioWords words) where T : class, IMessage, new() => new(words.Who, tell);

    private void Join(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<JoinGroupResponse>(words);
        var request = new JoinGroupRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member"), GroupInstanceId = words.Optional("instance"), ProtocolType = words.Text("type", "consumer"),
            SessionTimeoutMs = words.Number("session", 10_000), RebalanceTimeoutMs = words.Number("rebalance", 60_000),
        };
        foreach (var offer in words.Text("protocols", "range:x").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = offer.Split(':');
            request.Protocols.Add(new JoinGroupRequest.Protocol { Name = parts[0], Metadata = ScenarioBytes.Of(string.Join(':', parts.Skip(1))) });
        }

        var version = (short)words.Number("version", 9);
        run(reply, (machine, outcome) => machine.Classic.Join(request, version, new MemberClient(words.Who, "/here"), reply, outcome));
    }

    private void Sync(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<SyncGroupResponse>(words);
        var request = new SyncGroupRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member"), GroupInstanceId = words.Optional("instance"), GenerationId = words.Number("generation", 1),
            ProtocolType = words.Optional("type"), ProtocolName = words.Optional("protocol"),
        };
        foreach (var assignment in words.Text("assign").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = assignment.IndexOf(':', StringComparison.Ordinal);
            request.Assignments.Add(new SyncGroupRequest.MemberAssignment { MemberId = assignment[..at], Assignment = ScenarioBytes.Of(assignment[(at + 1)..]) });
        }

        run(reply, (machine, outcome) => machine.Classic.Sync(request, reply, outcome));
    }

    private void Heartbeat(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<HeartbeatResponse>(words);
        var request = new HeartbeatRequest { GroupId = words.Plain(2), MemberId = words.Text("member"), GroupInstanceId = words.Optional("instance"), GenerationId = words.Number("generation", 1) };
        run(reply, (machine, outcome) => machine.Classic.Heartbeat(request, reply, outcome));
    }

    private void Leave(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<LeaveGroupResponse>(words);
        var request = new LeaveGroupRequest { GroupId = words.Plain(2) };
        foreach (var member in words.Text("members").Split(','))
        {
            var parts = member.Split('/');
            request.Members.Add(new LeaveGroupRequest.Member { MemberId = parts[0], GroupInstanceId = parts.ElementAtOrDefault(1) });
        }

        run(reply, (machine, outcome) => machine.Classic.Leave(request, 5, reply, outcome));
    }

    private void Commit(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<OffsetCommitResponse>(words);
        var request = new OffsetCommitRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member"), GroupInstanceId = words.Optional("instance"), GenerationIdOrMemberEpoch = words.Number("generation", -1),
            RetentionTimeMs = words.Number("retention", -1),
        };
        foreach (var (topic, partition, value) in words.Partitions())
        {
            request.Topics.Add(new OffsetCommitRequest.Topic
            {
                Name = topic,
                TopicId = TopicId(words),
                Partitions = [new() { PartitionIndex = partition, CommittedOffset = long.Parse(value, CultureInfo.InvariantCulture), CommittedMetadata = words.Text("metadata") }],
            });
        }

        var version = (short)words.Number("version", 9);
        run(reply, (machine, outcome) => machine.Offsets.Commit(request, version, reply, outcome));
    }

    private void TxnCommit(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<TxnOffsetCommitResponse>(words);
        var (id, epoch) = Producer(words);
        var request = new TxnOffsetCommitRequest
        {
            TransactionalId = "x", GroupId = words.Plain(2), ProducerId = id, ProducerEpoch = epoch, MemberId = words.Text("member"), GroupInstanceId = words.Optional("instance"),
            GenerationId = words.Number("generation", -1),
        };
        foreach (var (topic, partition, value) in words.Partitions())
        {
            request.Topics.Add(new TxnOffsetCommitRequest.Topic
            {
                Name = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = long.Parse(value, CultureInfo.InvariantCulture) }],
            });
        }

        run(reply, (machine, outcome) => machine.Offsets.Commit(request, 5, reply, outcome));
    }

    private void Fetch(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<OffsetFetchResponse>(words);
        var asked = new OffsetFetchRequest.Group { GroupId = words.Plain(2), Topics = words.Partitions().Any() ? [] : null };
        foreach (var (topic, partition, _) in words.Partitions()) asked.Topics!.Add(new OffsetFetchRequest.GroupTopic { Name = topic, TopicId = TopicId(words), PartitionIndexes = [partition] });
        run(reply, (machine, outcome) =>
        {
            var told = new OffsetFetchResponse.Group();
            machine.Offsets.Fetch(asked, words.Has("stable"), told);
            reply.Response.Groups.Add(told);
            outcome.Send(reply);
        });
    }

    private static Uuid TopicId(ScenarioWords words) => new(0, (ulong)words.Number("uid", 0));

    private void DeleteOffsets(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<OffsetDeleteResponse>(words);
        var request = new OffsetDeleteRequest { GroupId = words.Plain(2) };
        foreach (var (topic, partition, _) in words.Partitions()) request.Topics.Add(new OffsetDeleteRequest.Topic { Name = topic, Partitions = [new() { PartitionIndex = partition }] });
        run(reply, (machine, outcome) => machine.Offsets.Delete(request, reply, outcome));
    }

    private void Delete(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<DeleteGroupsResponse>(words);
        run(reply, (machine, outcome) => machine.Delete(words.Plain(2), error => reply.Response.Results.Add(new DeleteGroupsResponse.Group { GroupId = words.Plain(2), ErrorCode = error }), reply, outcome));
    }

    private void Describe(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<DescribeGroupsResponse>(words);
        run(reply, (machine, outcome) =>
        {
            var told = new DescribeGroupsResponse.Group { GroupId = words.Plain(2), GroupState = "none" };
            machine.Classic.Describe(words.Plain(2), told);
            reply.Response.Groups.Add(told);
            outcome.Send(reply);
        });
    }

    private void List(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = Reply<ListGroupsResponse>(words);
        var (states, kinds) = (words.Text("states").Split(',', StringSplitOptions.RemoveEmptyEntries), words.Text("kinds").Split(',', StringSplitOptions.RemoveEmptyEntries));
        run(reply, (machine, outcome) =>
        {
            var groups = new List<ListGroupsResponse.Group>();
            machine.List(states, kinds, groups);
            foreach (var group in groups.OrderBy(static group => group.GroupId, StringComparer.Ordinal)) reply.Response.Groups.Add(group);
            outcome.Send(reply);
        });
    }
}
