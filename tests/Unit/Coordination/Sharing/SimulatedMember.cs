using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A member of a share group as a client library is one: one heartbeat at a time, and it fetches from what it was told last.</summary>
internal sealed class SimulatedMember(string group, string id, SimulatedGroups groups, SimulatedNetwork network)
{
    private const int Patience = 80;

    private int _epoch;
    private int _question;
    private long _asked = long.MinValue;

    public string Group => group;

    public string Id => id;

    public string[] Topics { get; set; } = [];

    public List<(Uuid Topic, int Partition)> Assigned { get; } = [];

    /// <summary>Nothing is under way.</summary>
    public bool IsFree(long now) => _asked == long.MinValue || now - _asked > Patience;

    /// <param name="told">Of what the coordinator answers, in the moment it does.</param>
    public void Beat(long now, Action<ShareGroupHeartbeatResponse> told)
    {
        if (!IsFree(now)) return;
        var question = ++_question;
        _asked = now;
        Send(now, _epoch, response =>
        {
            told(response);
            network.Send(now, () => Told(question, response));
        });
    }

    public void Leave(long now) => Send(now, -1, static _ => { });

    private void Send(long now, int epoch, Action<ShareGroupHeartbeatResponse> told)
    {
        var request = new ShareGroupHeartbeatRequest { GroupId = group, MemberId = id, MemberEpoch = epoch, SubscribedTopicNames = epoch < 0 ? null : [.. Topics] };
        network.Send(now, () => groups.Beat(now, request, told));
    }

    private void Told(int question, ShareGroupHeartbeatResponse response)
    {
        if (question != _question) return;
        _asked = long.MinValue;
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                _epoch = 0;
                Assigned.Clear();
                return;
            default:
                return;
        }

        _epoch = response.MemberEpoch;
        if (response.Assignment is not { } assignment) return;
        Assigned.Clear();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) Assigned.Add((topic.TopicId, partition));
        }
    }
}
