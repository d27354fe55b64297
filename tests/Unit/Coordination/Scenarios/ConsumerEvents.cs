using System.Globalization;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>The events of scenarios of consumer groups.</summary>
internal sealed class ConsumerEvents(ScenarioTopics topics, Action<string> tell)
{
    /// <returns>False where the event is another's.</returns>
    public bool Run(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        switch (words.Event)
        {
            case "beat": Beat(words, run); return true;
            case "describe-consumer": Describe(words, run); return true;
            default: return false;
        }
    }

    // 'owns' lists partitions, as in 'owns=t:0,t:1'; 'owns=' says that there are none.
    private void Beat(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<ConsumerGroupHeartbeatResponse>(words.Who, tell);
        var epoch = words.Number("epoch", 0);
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member", words.Who), MemberEpoch = epoch, InstanceId = words.Optional("instance"), RackId = words.Optional("rack"),
            RebalanceTimeoutMs = words.Number("rebalance", epoch == 0 ? 60_000 : -1), ServerAssignor = words.Optional("assignor"), SubscribedTopicRegex = words.Optional("regex"),
            SubscribedTopicNames = words.Optional("topics") is { } names ? [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries)] : null,
            TopicPartitions = words.Optional("owns") is { } owned ? Owned(owned) : epoch == 0 ? [] : null,
        };
        var version = (short)words.Number("version", 1);
        run(reply, (machine, outcome) => machine.Consumer.Heartbeat(request, version, new MemberClient(words.Who, "/here"), static _ => true, reply, outcome));
    }

    private WireList<ConsumerGroupHeartbeatRequest.Owned> Owned(string text)
    {
        var owned = new WireList<ConsumerGroupHeartbeatRequest.Owned>();
        foreach (var topic in text.Split(',', StringSplitOptions.RemoveEmptyEntries).GroupBy(part => part.Split(':')[0]))
            owned.Add(new ConsumerGroupHeartbeatRequest.Owned { TopicId = topics.IdOf(topic.Key), Partitions = [.. topic.Select(part => int.Parse(part.Split(':')[1], CultureInfo.InvariantCulture))] });
        return owned;
    }

    private void Describe(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<ConsumerGroupDescribeResponse>(words.Who, tell);
        run(reply, (machine, outcome) =>
        {
            reply.Response.Groups.Add(machine.Consumer.Describe(words.Plain(2)));
            outcome.Send(reply);
        });
    }
}
