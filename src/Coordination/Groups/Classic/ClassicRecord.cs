using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>A classic group's record: its last generation.</summary>
internal static class ClassicRecord
{
    /// <summary>The one Kafka writes: its tools know no later one.</summary>
    private const short Version = 3;

    public static void Append(ClassicGroup group, Outcome outcome)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = group.ProtocolType, Generation = group.Generation, Protocol = group.Protocol, Leader = group.Leader, CurrentStateTimestamp = group.Since,
        };
        foreach (var member in group.Members)
        {
            value.Members.Add(new GroupMetadataValue.Member
            {
                MemberId = member.Id, GroupInstanceId = member.InstanceId, ClientId = member.Client.Id, ClientHost = member.Client.Host,
                RebalanceTimeout = member.RebalanceTimeout, SessionTimeout = member.SessionTimeout,
                Subscription = member.Metadata(group.Protocol), Assignment = member.Assignment,
            });
        }

        group.Stored = value;
        outcome.Append(new GroupMetadataKey { Group = group.Name }, value, Version);
    }

    /// <summary>The group as its record has it: settled, with everybody in it.</summary>
    public static void Restore(ClassicGroup group, GroupMetadataValue value)
    {
        (group.Generation, group.Protocol, group.Stored) = (value.Generation, value.Protocol, value);
        foreach (var stored in value.Members)
        {
            var member = new ClassicMember(stored.MemberId, stored.GroupInstanceId, new MemberClient(stored.ClientId, stored.ClientHost))
            {
                SessionTimeout = stored.SessionTimeout,
                RebalanceTimeout = stored.RebalanceTimeout < 0 ? stored.SessionTimeout : stored.RebalanceTimeout,
                Protocols = [new GroupProtocolOffer(value.Protocol ?? "", stored.Subscription)],
                Assignment = stored.Assignment,
            };
            group.Add(member, value.ProtocolType);
        }

        group.Leader = value.Leader;
        group.Restore(value.Members.Count == 0 ? ClassicState.Empty : ClassicState.Stable, value.CurrentStateTimestamp, value.ProtocolType);
        group.SetTopics(Subscriptions.Of(group));
    }
}
