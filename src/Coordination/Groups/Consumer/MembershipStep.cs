using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What a member's word does to its group: its epoch, its targets, and what the member itself may use next.</summary>
internal sealed class MembershipStep(ConsumerGroup group, ConsumerSurroundings surroundings, ConsumerRecords records, long now)
{
    /// <summary>Whether the member's current assignment has changed.</summary>
    public bool HasMoved { get; private set; }

    public ConsumerMember Take(ConsumerMember before, ConsumerMember member, bool namesChanged, RegexChange regex, IReadOnlyList<ConsumerGroupHeartbeatRequest.Owned>? owned)
    {
        var topics = surroundings.Topics();
        var epoch = Epoch(before, member, namesChanged || regex == RegexChange.UpdatedAndResolved, topics);
        var targets = new TargetAssignments(group, surroundings.Rules(group.Name), topics);
        var (targetEpoch, target) = targets.Update(epoch, before, member, () => IsHomogeneous(before, member), records, now);
        return Reconcile(member, targetEpoch, target, namesChanged || regex != RegexChange.None, owned, topics);
    }

    private int Epoch(ConsumerMember before, ConsumerMember member, bool mustGrow, ITopicDirectory topics)
    {
        var (epoch, hash) = group.EpochAndHash.Value;
        if (!mustGrow && group.TopicsRevision == topics.Revision) return epoch;
        var newHash = TopicHash.OfGroup(group.Subscriptions.TopicsAfter(before, member).Keys, topics);
        if (mustGrow || newHash != hash) records.GroupEpoch(++epoch, newHash);
        group.TopicsRevision = topics.Revision;
        if (group.HasPartitionMetadata.Value) records.ForgetPartitionMetadata();
        return epoch;
    }

    private bool IsHomogeneous(ConsumerMember before, ConsumerMember member)
    {
        var isKnown = group.HasMember(member.Id) || group.StaticMemberId(member.InstanceId) is not null;
        var subscriptions = group.Subscriptions;
        return SubscriptionKind.IsHomogeneous(
            subscriptions.ExpressionsAfter(before, member), subscriptions.TopicsAfter(before, member), group.MemberCount + (isKnown ? 0 : 1));
    }

    private ConsumerMember Reconcile(
        ConsumerMember member, int targetEpoch, Assignors.Assignment target, bool hasSubscriptionChanged, IReadOnlyList<ConsumerGroupHeartbeatRequest.Owned>? owned, ITopicDirectory topics)
    {
        if (!hasSubscriptionChanged && member.IsReconciledTo(targetEpoch)) return member;
        var subscribed = new SubscribedTopics(group, topics).Of(member);
        var next = new Reconciliation(member, targetEpoch, target, subscribed.Contains, group.Held, owned).Next(hasSubscriptionChanged);
        if (next.HoldsSameAs(member)) return member;
        records.Current(next);
        HasMoved = true;
        return next;
    }
}
