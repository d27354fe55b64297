using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>
/// The records an event of a consumer group is about to write. They are appended at its end, so an event that is refused half-way
/// has changed nothing.
/// </summary>
internal sealed class ConsumerRecords(string group)
{
    private readonly List<(IMessage Key, IMessage? Value)> _records = [];

    public void Add(IMessage key, IMessage? value) => _records.Add((key, value));

    public void Member(ConsumerMember member)
    {
        var value = new ConsumerGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId, RackId = member.RackId, ClientId = member.ClientId, ClientHost = member.ClientHost,
            SubscribedTopicRegex = member.TopicRegex, RebalanceTimeoutMs = member.RebalanceTimeout, ServerAssignor = member.ServerAssignor,
        };
        foreach (var name in member.TopicNames) value.SubscribedTopicNames.Add(name);
        // The field's default is an empty one, so its absence is said.
        value.ClassicMemberMetadata = null;
        if (member.Classic is { } classic)
        {
            value.ClassicMemberMetadata = new ConsumerGroupMemberMetadataValue.ClassicMember { SessionTimeoutMs = classic.SessionTimeout };
            foreach (var (name, metadata) in classic.Protocols)
                value.ClassicMemberMetadata.SupportedProtocols.Add(new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = name, Metadata = metadata });
        }

        Add(new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = member.Id }, value);
    }

    public void GroupEpoch(int epoch, long hash) => Add(new ConsumerGroupMetadataKey { GroupId = group }, new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = hash });

    public void Target(string member, Assignment assignment)
    {
        var value = new ConsumerGroupTargetAssignmentMemberValue();
        foreach (var (topic, partitions) in assignment.Topics)
        {
            var part = new ConsumerGroupTargetAssignmentMemberValue.Topic { TopicId = topic };
            foreach (var partition in partitions) part.Partitions.Add(partition);
            value.TopicPartitions.Add(part);
        }

        Add(new ConsumerGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, value);
    }

    public void TargetEpoch(int epoch, long timestamp) =>
        Add(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group }, new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestamp });

    public void Current(ConsumerMember member)
    {
        var value = new ConsumerGroupCurrentMemberAssignmentValue { MemberEpoch = member.Epoch, PreviousMemberEpoch = member.PreviousEpoch, State = (sbyte)member.State };
        foreach (var topic in Parts(member.Assigned)) value.AssignedPartitions.Add(topic);
        foreach (var topic in Parts(member.Revoking)) value.PartitionsPendingRevocation.Add(topic);
        Add(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member.Id }, value);
    }

    public void Regex(string expression, ResolvedRegex resolved)
    {
        var value = new ConsumerGroupRegularExpressionValue { Version = resolved.Revision, Timestamp = resolved.Timestamp };
        foreach (var topic in resolved.Topics.Order(StringComparer.Ordinal)) value.Topics.Add(topic);
        Add(new ConsumerGroupRegularExpressionKey { GroupId = group, RegularExpression = expression }, value);
    }

    public void ForgetRegex(string expression) => Add(new ConsumerGroupRegularExpressionKey { GroupId = group, RegularExpression = expression }, null);

    public void ForgetMember(string member)
    {
        Add(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        Add(new ConsumerGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
    }

    /// <summary>What an older broker left.</summary>
    public void ForgetPartitionMetadata() => Add(new ConsumerGroupPartitionMetadataKey { GroupId = group }, null);

    /// <summary>All that is stored of a group.</summary>
    /// <param name="members">Those it has.</param>
    /// <param name="expressions">Those it has resolved.</param>
    public void ForgetAll(IReadOnlyList<string> members, IReadOnlyList<string> expressions)
    {
        foreach (var member in members) Add(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group, MemberId = member }, null);
        foreach (var member in members) Add(new ConsumerGroupTargetAssignmentMemberKey { GroupId = group, MemberId = member }, null);
        Add(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group }, null);
        foreach (var member in members) Add(new ConsumerGroupMemberMetadataKey { GroupId = group, MemberId = member }, null);
        foreach (var expression in expressions) ForgetRegex(expression);
        ForgetPartitionMetadata();
        Add(new ConsumerGroupMetadataKey { GroupId = group }, null);
    }

    public void AppendTo(Outcome outcome)
    {
        foreach (var (key, value) in _records) outcome.Append(key, value);
    }

    private static IEnumerable<ConsumerGroupCurrentMemberAssignmentValue.Topic> Parts(OwnedPartitions owned)
    {
        foreach (var (topic, parts) in owned.Topics)
        {
            var told = new ConsumerGroupCurrentMemberAssignmentValue.Topic { TopicId = topic, AssignmentEpochs = new() };
            foreach (var (partition, epoch) in parts)
            {
                told.Partitions.Add(partition);
                told.AssignmentEpochs.Add(epoch);
            }

            yield return told;
        }
    }
}
