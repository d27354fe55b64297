using System.Globalization;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Share;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Scenarios;

/// <summary>
/// The events of scenarios of share groups. What is asked of share coordinators is told, and waits for 'answer', 'answer
/// with=ERROR' or 'noanswer'.
/// </summary>
internal sealed class ShareEvents
{
    private readonly Action<string> _tell;
    private readonly ScenarioTopics _topics;
    private readonly Queue<PeerRequest> _asked = [];
    private ShareRules _rules = new();

    public ShareEvents(ScenarioTopics topics, Action<string> tell)
    {
        (_topics, _tell) = (topics, tell);
        Surroundings = new ShareSurroundings(_ => _rules, () => _topics, Asked);
    }

    public ShareSurroundings Surroundings { get; }

    /// <summary>Nobody waits for what was asked before.</summary>
    public void Reload() => _asked.Clear();

    /// <returns>False where the event is another's.</returns>
    public bool Run(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        switch (words.Event)
        {
            case "share-beat": Beat(words, run); return true;
            case "describe-share": Describe(words, run); return true;
            case "answer": Answer(Answered(_asked.Peek().Request, Enum.Parse<ErrorCode>(words.Text("with", "None"))), run); return true;
            case "noanswer": Answer(null, run); return true;
            case "alter-share": Alter(words, run); return true;
            case "delete-share": DeleteOffsets(words, run); return true;
            case "share-rules":
                _rules = _rules with { MaxSize = words.Number("size", _rules.MaxSize), AssignmentInterval = words.Number("interval", _rules.AssignmentInterval) };
                return true;
            case "share-forget":
                var id = _topics.IdOf(words.Plain(1));
                run(new ScenarioReply<ShareGroupHeartbeatResponse>("nobody", static _ => { }), (machine, outcome) => machine.Share.ForgetTopic(id, outcome));
                return true;
            default: return false;
        }
    }

    private void Beat(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<ShareGroupHeartbeatResponse>(words.Who, _tell);
        var request = new ShareGroupHeartbeatRequest
        {
            GroupId = words.Plain(2), MemberId = words.Text("member", words.Who), MemberEpoch = words.Number("epoch", 0), RackId = words.Optional("rack"),
            SubscribedTopicNames = words.Optional("topics") is { } names ? [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries)] : null,
        };
        run(reply, (machine, outcome) => machine.Share.Heartbeat(request, new MemberClient(words.Who, "/here"), reply, outcome));
    }

    private void Describe(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<ShareGroupDescribeResponse>(words.Who, _tell);
        run(reply, (machine, outcome) =>
        {
            reply.Response.Groups.Add(machine.Share.Describe(words.Plain(2)));
            outcome.Send(reply);
        });
    }

    private void Asked(PeerRequest request)
    {
        _asked.Enqueue(request);
        _tell($"asks {request.Request.Name} {MessageWords.Of(request.Request)}");
    }

    private void Answer(IMessage? response, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var request = _asked.Dequeue();
        run(new ScenarioReply<ShareGroupHeartbeatResponse>("nobody", static _ => { }), (_, outcome) => request.Answered(response, outcome));
    }

    private void Alter(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<AlterShareGroupOffsetsResponse>(words.Who, _tell);
        var request = new AlterShareGroupOffsetsRequest { GroupId = words.Plain(2) };
        foreach (var topic in words.Partitions().GroupBy(static part => part.Topic))
        {
            var row = new AlterShareGroupOffsetsRequest.Topic { TopicName = topic.Key };
            foreach (var (_, partition, start) in topic) row.Partitions.Add(new() { PartitionIndex = partition, StartOffset = long.Parse(start, CultureInfo.InvariantCulture) });
            request.Topics.Add(row);
        }

        run(reply, (machine, outcome) => machine.Share.AlterOffsets(request, reply, outcome));
    }

    private void DeleteOffsets(ScenarioWords words, Action<PendingReply, Action<GroupMachine, Outcome>> run)
    {
        var reply = new ScenarioReply<DeleteShareGroupOffsetsResponse>(words.Who, _tell);
        var request = new DeleteShareGroupOffsetsRequest { GroupId = words.Plain(2) };
        foreach (var topic in words.Text("topics").Split(',')) request.Topics.Add(new() { TopicName = topic });
        run(reply, (machine, outcome) => machine.Share.DeleteOffsets(request, reply, outcome));
    }

    private static IMessage Answered(IMessage request, ErrorCode error) => request switch
    {
        InitializeShareGroupStateRequest asked => Answered(asked, error),
        DeleteShareGroupStateRequest asked => Answered(asked, error),
        _ => throw new FormatException($"nobody answers {request.Name}"),
    };

    private static DeleteShareGroupStateResponse Answered(DeleteShareGroupStateRequest request, ErrorCode error)
    {
        var response = new DeleteShareGroupStateResponse();
        foreach (var topic in request.Topics)
        {
            var row = new DeleteShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            foreach (var partition in topic.Partitions) row.Partitions.Add(new DeleteShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error });
            response.Results.Add(row);
        }

        return response;
    }

    private static InitializeShareGroupStateResponse Answered(InitializeShareGroupStateRequest request, ErrorCode error)
    {
        var response = new InitializeShareGroupStateResponse();
        foreach (var topic in request.Topics)
        {
            var row = new InitializeShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            foreach (var partition in topic.Partitions) row.Partitions.Add(new InitializeShareGroupStateResponse.PartitionResult { Partition = partition.Partition, ErrorCode = error });
            response.Results.Add(row);
        }

        return response;
    }
}
