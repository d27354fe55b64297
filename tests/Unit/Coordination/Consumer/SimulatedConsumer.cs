using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Unit.Coordination.Consumer;

/// <summary>A consumer as a client library is one: it uses what it was told last, and gives up what it was told to before it says so.</summary>
internal sealed class SimulatedConsumer(string id, string? instance)
{
    public const long Session = 45_000;

    // Longer than the session: who does not hear that it must give up stops by itself before it is thrown out.
    private const int Patience = 60_000;

    public string Id { get; } = id;

    public int Epoch { get; private set; }

    public HashSet<(Uuid Topic, int Partition)> Owned { get; } = [];

    public string[] Topics { get; set; } = [];

    /// <summary>When it was last told that it is a member.</summary>
    public long Heard { get; private set; }

    /// <summary>It asks no more.</summary>
    public bool IsGone { get; set; }

    public ConsumerGroupHeartbeatRequest Beat()
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g", MemberId = Id, MemberEpoch = Epoch, InstanceId = instance, RebalanceTimeoutMs = Patience, SubscribedTopicNames = [.. Topics], TopicPartitions = [],
        };
        foreach (var topic in Owned.GroupBy(part => part.Topic)) request.TopicPartitions.Add(new ConsumerGroupHeartbeatRequest.Owned { TopicId = topic.Key, Partitions = [.. topic.Select(part => part.Partition)] });
        return request;
    }

    public ConsumerGroupHeartbeatRequest Leave() => new() { GroupId = "g", MemberId = Id, MemberEpoch = -1, InstanceId = instance };

    public void Told(ConsumerGroupHeartbeatResponse response, long now)
    {
        if (IsGone) return;
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                break;
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound or ErrorCode.UnreleasedInstanceId or ErrorCode.FencedInstanceId:
                Drop();
                return;
            default:
                return;
        }

        (Epoch, Heard) = (response.MemberEpoch, now);
        if (response.Assignment is not { } assignment) return;
        Owned.Clear();
        foreach (var topic in assignment.TopicPartitions)
        {
            foreach (var partition in topic.Partitions) Owned.Add((topic.TopicId, partition));
        }
    }

    /// <summary>Nobody has answered for so long that its partitions are another's.</summary>
    public void Age(long now)
    {
        if (now - Heard >= Session) Drop();
    }

    private void Drop()
    {
        Epoch = 0;
        Owned.Clear();
    }
}
