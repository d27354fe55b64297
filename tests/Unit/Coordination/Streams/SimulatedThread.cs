using Moldau.Coordination.Groups.Streams;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Streams;

/// <summary>
/// A thread of an application as Kafka's client is one: it runs what it was told last, gives up what it was told to before it says so, and
/// says what it runs where that has changed, or where it got no answer.
/// </summary>
internal sealed class SimulatedThread(string id, string process)
{
    public const long Session = 45_000;

    // Longer than the session: who does not hear that it must give up stops by itself before it is thrown out.
    private const int Patience = 60_000;

    private string? _said;

    public string Id { get; } = id;

    public string Process { get; } = process;

    public int Epoch { get; private set; }

    public HashSet<TaskId> Active { get; } = [];

    public HashSet<TaskId> Standby { get; } = [];

    /// <summary>When it was last told that it is a member.</summary>
    public long Heard { get; private set; }

    /// <summary>It asks no more.</summary>
    public bool IsGone { get; set; }

    public StreamsGroupHeartbeatRequest Beat(StreamsGroupHeartbeatRequest.TopologySpec topology)
    {
        var request = new StreamsGroupHeartbeatRequest { GroupId = "g", MemberId = Id, MemberEpoch = Epoch };
        if (Epoch == 0)
        {
            (request.Topology, request.RebalanceTimeoutMs, request.ProcessId, request.ClientTags) = (topology, Patience, Process, []);
            (request.ActiveTasks, request.StandbyTasks, request.WarmupTasks) = ([], [], []);
        }
        else if (_said != Text())
        {
            (request.ActiveTasks, request.StandbyTasks, request.WarmupTasks) = (Told(Active), Told(Standby), []);
        }

        _said = Text();
        return request;
    }

    public StreamsGroupHeartbeatRequest Leave() => new() { GroupId = "g", MemberId = Id, MemberEpoch = -1 };

    public void Told(StreamsGroupHeartbeatResponse response, long now)
    {
        if (IsGone) return;
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                Drop();
                return;
            default:
                NotAnswered();
                return;
        }

        (Epoch, Heard) = (response.MemberEpoch, now);
        if (response.ActiveTasks is null) return;
        Take(Active, response.ActiveTasks);
        Take(Standby, response.StandbyTasks!);
    }

    public void NotAnswered() => _said = null;

    /// <summary>Nobody has answered for so long that its tasks are another's.</summary>
    public void Age(long now)
    {
        if (now - Heard >= Session) Drop();
    }

    private static void Take(HashSet<TaskId> into, WireList<StreamsGroupHeartbeatResponse.Tasks> told)
    {
        into.Clear();
        foreach (var part in told)
        {
            foreach (var partition in part.Partitions) into.Add(new TaskId(part.SubtopologyId, partition));
        }
    }

    private static WireList<StreamsGroupHeartbeatRequest.Tasks> Told(HashSet<TaskId> tasks) =>
        [.. tasks.GroupBy(static task => task.Subtopology).Select(static part => new StreamsGroupHeartbeatRequest.Tasks { SubtopologyId = part.Key, Partitions = [.. part.Select(static task => task.Partition)] })];

    private string Text() => $"{string.Join(',', Active.Order())}/{string.Join(',', Standby.Order())}";

    private void Drop()
    {
        Epoch = 0;
        Active.Clear();
        Standby.Clear();
        NotAnswered();
    }
}
