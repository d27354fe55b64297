using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Migration;

/// <summary>A classic group in use becomes a consumer group when its first member of the new protocol joins.</summary>
internal static class Upgrade
{
    public static ConsumerGroup Run(ClassicGroup group, ConsumerGroups groups, Outcome outcome)
    {
        var (name, topics) = (group.Name, groups.Surroundings.Topics());
        Check(group, groups.Surroundings.Rules(name));
        var members = group.Members.Select(member => Convert(member, group, topics)).ToList();
        ClassicReplies.RefuseAll(group, ErrorCode.RebalanceInProgress, outcome);
        var records = new ConsumerRecords(name);
        records.Add(new GroupMetadataKey { Group = name }, null);
        foreach (var (member, _) in members) records.Member(member);
        records.GroupEpoch(group.Generation, TopicHash.OfGroup(members.SelectMany(static pair => pair.Member.TopicNames).Distinct(StringComparer.Ordinal), topics));
        foreach (var (member, target) in members) records.Target(member.Id, target);
        records.TargetEpoch(group.Generation, 0);
        foreach (var (member, _) in members) records.Current(member);
        records.AppendTo(outcome);
        var upgraded = groups.FindConsumer(name)!;
        foreach (var (member, _) in members) groups.Timers.SetSession(upgraded, member, outcome);
        return upgraded;
    }

    private static void Check(ClassicGroup group, ConsumerRules rules)
    {
        var name = group.Name;
        if (rules.Migration is MigrationPolicy.Disabled or MigrationPolicy.Downgrade) throw Refused(name, "to consumer group because online upgrade is disabled.");
        if (!group.IsConsumers) throw Refused(name, "to consumer group because the group does not use the consumer embedded protocol.");
        if (group.Count > rules.MaxSize) throw Refused(name, "to consumer group because the group size exceeds the consumer group maximum size.");
    }

    private static (ConsumerMember Member, Assignment Target) Convert(ClassicMember member, ClassicGroup group, ITopicDirectory topics)
    {
        try
        {
            var assignment = member.Assignment.IsEmpty ? null : EmbeddedProtocol.Assignment(member.Assignment);
            if (assignment?.UserData is { IsEmpty: false })
                throw Refused(group.Name, "to consumer group because an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.");
            var target = assignment is null ? Assignment.Empty : EmbeddedProtocol.ByIds(assignment, topics);
            var subscription = EmbeddedProtocol.Subscription(member.Metadata(group.Protocol ?? member.Protocols[0].Name));
            var epochs = target.Topics.Select(topic => new KeyValuePair<Uuid, Dictionary<int, int>>(topic.Key, topic.Value.ToDictionary(static part => part, _ => group.Generation)));
            return (new ConsumerMember(member.Id)
            {
                Epoch = group.Generation, PreviousEpoch = group.Generation, InstanceId = member.InstanceId, RackId = string.IsNullOrEmpty(subscription.RackId) ? null : subscription.RackId,
                RebalanceTimeout = member.RebalanceTimeout, ClientId = member.Client.Id, ClientHost = member.Client.Host,
                TopicNames = [.. subscription.Topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Assigned = OwnedPartitions.Of(epochs),
                Classic = new ClassicSide(member.SessionTimeout, [.. member.Protocols.Select(static offer => new KeyValuePair<string, ReadOnlyMemory<byte>>(offer.Name, offer.Metadata))]),
            }, target);
        }
        catch (MalformedMessageException)
        {
            throw Refused(group.Name, "to consumer group because the embedded consumer protocol is malformed.");
        }
    }

    private static GroupRefusedException Refused(string name, string why) => new(ErrorCode.GroupIdNotFound, $"Cannot upgrade classic group {name} {why}");
}
