using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>
/// Leads a member a step further towards its target: it first gives up what it shall not own, then moves to the target's epoch,
/// then is given what others have released.
/// </summary>
/// <param name="isSubscribed">Whether the member subscribes to the topic.</param>
/// <param name="held">Partitions somebody may still use.</param>
/// <param name="owned">What the member says it uses; null where it says nothing.</param>
internal sealed class Reconciliation(
    ConsumerMember member, int targetEpoch, Assignment target, Func<Uuid, bool> isSubscribed, PartitionEpochs held, IReadOnlyList<ConsumerGroupHeartbeatRequest.Owned>? owned)
{
    /// <param name="hasSubscriptionChanged">Topics may have gone that no target takes account of yet.</param>
    public ConsumerMember Next(bool hasSubscriptionChanged)
    {
        switch (member.State)
        {
            case MemberState.Stable when member.Epoch != targetEpoch:
                return Advance(member.Epoch);
            case MemberState.Stable:
                return hasSubscriptionChanged ? DropUnsubscribed() : member;
            case MemberState.UnrevokedPartitions when StillUses(member.Revoking):
                return hasSubscriptionChanged ? DropUnsubscribed() : member;
            case MemberState.UnrevokedPartitions or MemberState.UnreleasedPartitions:
                return Advance(member.Epoch);
            default:
                if (owned is not { Count: 0 })
                    throw new GroupRefusedException(ErrorCode.FencedMemberEpoch, "The consumer group member is in a unknown state. The member must abandon all its partitions and rejoin.");
                return Advance(targetEpoch);
        }
    }

    private bool StillUses(OwnedPartitions partitions)
    {
        if (owned is null) return true;
        foreach (var topic in owned)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partitions.EpochOf(topic.TopicId, partition) is not null) return true;
            }
        }

        return false;
    }

    private ConsumerMember DropUnsubscribed()
    {
        var (kept, left) = member.Assigned.Split(isSubscribed);
        if (left.IsEmpty) return member;
        var revoking = member.Revoking.With(left);
        return StillUses(revoking)
            ? member.AtEpoch(member.Epoch) with { State = MemberState.UnrevokedPartitions, Assigned = kept, Revoking = revoking }
            : member.AtEpoch(member.Epoch) with { Assigned = kept };
    }

    private ConsumerMember Advance(int epoch)
    {
        var topics = target.Topics.Select(static topic => topic.Key).Union(member.Assigned.Topics.Select(static topic => topic.Key)).ToList();
        var (kept, revoked, added) = (Parts(), Parts(), Parts());
        var waits = false;
        foreach (var topic in topics)
        {
            ReadOnlySpan<int> wanted = isSubscribed(topic) ? target.Of(topic) : [];
            var have = member.Assigned.Of(topic);
            foreach (var (partition, since) in have) Add(wanted.Contains(partition) ? kept : revoked, topic, partition, since);
            foreach (var partition in wanted)
            {
                if (member.Assigned.EpochOf(topic, partition) is not null) continue;
                if (held.IsHeld(topic, partition) && member.Revoking.EpochOf(topic, partition) is null) waits = true;
                else Add(added, topic, partition, targetEpoch);
            }
        }

        var losing = OwnedPartitions.Of(revoked);
        // Until it has let go it stays where it is: partitions go on being its own in the epoch it knows.
        if (!losing.IsEmpty && StillUses(losing))
            return member.AtEpoch(epoch) with { State = MemberState.UnrevokedPartitions, Assigned = OwnedPartitions.Of(kept), Revoking = losing };
        return member.AtEpoch(targetEpoch) with
        {
            State = waits ? MemberState.UnreleasedPartitions : MemberState.Stable,
            Assigned = OwnedPartitions.Of(kept).With(OwnedPartitions.Of(added)),
            Revoking = OwnedPartitions.Empty,
        };
    }

    private static Dictionary<Uuid, Dictionary<int, int>> Parts() => [];

    private static void Add(Dictionary<Uuid, Dictionary<int, int>> parts, Uuid topic, int partition, int epoch)
    {
        if (!parts.TryGetValue(topic, out var ofTopic)) parts[topic] = ofTopic = [];
        ofTopic[partition] = epoch;
    }
}
