using System.Globalization;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>
/// The events of scenarios of streams groups. A topology is written as epoch|part|part, a part as id;sources;sinks;reads;keeps;together,
/// each a list with commas: 'reads' are repartition topics, with ':3' behind them where their number is told, 'keeps' are changelogs, and
/// 'together' are copartition groups like s0+r0. Tasks are written as 0_1,0_2.
/// </summary>
internal sealed class StreamsEvents
{
    private readonly Action<string> _tell;
    private StreamsRules _rules = new() { InitialRebalanceDelay = 0 };

    public StreamsEvents(ScenarioTopics topics, Action<string> tell)
    {
        _tell = tell;
        Surroundings = new StreamsSurroundings(_ => _rules, () => topics);
    }

    public StreamsSurroundings Surroundings { get; }

    /// <returns>False where the event is another's.</returns>
    public bool Run(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        switch (words.Event)
        {
            case "streams-beat": Beat(words, run); return true;
            case "describe-streams": Describe(words, run); return true;
            case "streams-rules":
                _rules = _rules with
                {
                    MaxSize = words.Number("size", _rules.MaxSize), AssignmentInterval = words.Number("interval", _rules.AssignmentInterval),
                    InitialRebalanceDelay = words.Number("delay", _rules.InitialRebalanceDelay), StandbyReplicas = words.Number("standbys", _rules.StandbyReplicas),
                };
                return true;
            default: return false;
        }
    }

    private void Beat(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<StreamsGroupHeartbeatResponse>(words.Who, _tell);
        var isJoining = words.Number("epoch", 0) == 0;
        var request = new StreamsGroupHeartbeatRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member", words.Who), MemberEpoch = words.Number("epoch", 0), InstanceId = words.Optional("instance"), RackId = words.Optional("rack"),
            RebalanceTimeoutMs = words.Number("rebalance", isJoining ? 60_000 : -1), EndpointInformationEpoch = words.Number("endpoints", 0),
            Topology = words.Optional("topology") is { } topology ? Topology(topology) : null,
            ProcessId = words.Optional("process") ?? (isJoining ? "p-" + words.Who : null),
            ShutdownApplication = words.Has("shutdown"),
        };
        if (isJoining || words.Optional("active") is not null)
        {
            (request.ActiveTasks, request.StandbyTasks, request.WarmupTasks) = ([], [], []);
            foreach (var tasks in Tasks(words.Text("active"))) request.ActiveTasks.Add(tasks);
            foreach (var tasks in Tasks(words.Text("standby"))) request.StandbyTasks.Add(tasks);
            foreach (var tasks in Tasks(words.Text("warmup"))) request.WarmupTasks.Add(tasks);
        }

        if (words.Optional("tags") is { } tags) request.ClientTags = [.. List(tags).Select(static tag => tag.Split(':')).Select(static tag => new StreamsGroupHeartbeatRequest.KeyValue { Key = tag[0], Value = tag[1] })];
        if (words.Optional("endpoint") is { } endpoint) request.UserEndpoint = new StreamsGroupHeartbeatRequest.Endpoint { Host = endpoint, Port = 80 };
        if (words.Has("offsets")) request.TaskOffsets = [];
        run(reply, (machine, outcome) => machine.Streams.Heartbeat(
            request, new MemberClient(words.Who, "/here"), reply,
            (topics, _, _) => _tell($"creates {string.Join(", ", topics.Select(topic => $"{topic.Name} with {topic.Partitions}"))}"), outcome));
    }

    private void Describe(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<StreamsGroupDescribeResponse>(words.Who, _tell);
        run(reply, (machine, outcome) =>
        {
            reply.Response.Groups.Add(machine.Streams.Describe(words.Plain(2)));
            outcome.Send(reply);
        });
    }

    private static StreamsGroupHeartbeatRequest.TopologySpec Topology(string text)
    {
        var parts = text.Split('|');
        var topology = new StreamsGroupHeartbeatRequest.TopologySpec { Epoch = Number(parts[0]) };
        foreach (var part in parts.Skip(1)) topology.Subtopologies.Add(Part(part));
        return topology;
    }

    private static StreamsGroupHeartbeatRequest.Subtopology Part(string text)
    {
        var words = text.Split(';').Concat(Enumerable.Repeat("", 6)).ToArray();
        return new StreamsGroupHeartbeatRequest.Subtopology
        {
            SubtopologyId = words[0],
            SourceTopics = [.. List(words[1]).Where(static topic => !topic.EndsWith('*'))],
            SourceTopicRegex = [.. List(words[1]).Where(static topic => topic.EndsWith('*'))],
            RepartitionSinkTopics = [.. List(words[2])],
            RepartitionSourceTopics = [.. List(words[3]).Select(Topic)],
            StateChangelogTopics = [.. List(words[4]).Select(Topic)],
            CopartitionGroups = [.. List(words[5]).Select(Together)],
        };
    }

    private static StreamsGroupHeartbeatRequest.TopicInfo Topic(string text)
    {
        var words = text.Split(':');
        var topic = new StreamsGroupHeartbeatRequest.TopicInfo { Name = words[0], Partitions = words.Length > 1 ? Number(words[1]) : 0 };
        topic.TopicConfigs.Add(new StreamsGroupHeartbeatRequest.KeyValue { Key = "cleanup.policy", Value = "compact" });
        return topic;
    }

    private static StreamsGroupHeartbeatRequest.CopartitionGroup Together(string text) => new()
    {
        SourceTopics = [.. text.Split('+').Where(static word => word[0] == 's').Select(static word => (short)Number(word[1..]))],
        RepartitionSourceTopics = [.. text.Split('+').Where(static word => word[0] == 'r').Select(static word => (short)Number(word[1..]))],
    };

    private static IEnumerable<StreamsGroupHeartbeatRequest.Tasks> Tasks(string text) => List(text).Select(static word => word.Split('_')).GroupBy(static word => word[0], static word => Number(word[1]))
        .Select(static tasks => new StreamsGroupHeartbeatRequest.Tasks { SubtopologyId = tasks.Key, Partitions = [.. tasks] });

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
