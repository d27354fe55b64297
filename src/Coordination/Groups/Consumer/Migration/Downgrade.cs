using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Migration;

/// <summary>A consumer group becomes a classic one when its last member of the new protocol goes.</summary>
internal static class Downgrade
{
    /// <param name="leaving">Members that go.</param>
    public static bool IsDue(ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, ConsumerRules rules, int mostClassic)
    {
        var left = group.MemberCount - leaving.Count;
        return left > 0 && left <= mostClassic && rules.Migration is MigrationPolicy.Bidirectional or MigrationPolicy.Downgrade &&
            group.ClassicMemberCount - leaving.Count(static member => member.IsClassic) == left;
    }

    /// <param name="mustRebalance">Its members' assignments are not good any more.</param>
    public static void Run(ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, bool mustRebalance, GroupMachine machine, Outcome outcome)
    {
        var gone = leaving.Select(static member => member.Id).ToHashSet(StringComparer.Ordinal);
        var members = group.Members.Where(member => !gone.Contains(member.Id))
            .Select(member => (Member: Convert(member), Target: group.FindTarget(member.Id) ?? Assignment.Empty)).ToList();
        var protocol = ProtocolVote.Select([.. members.Select(static pair => pair.Member)]);
        foreach (var (member, target) in members) member.Assignment = EmbeddedProtocol.Write(Partitions(target), member.Metadata(protocol), machine.Topics);
        foreach (var id in group.MemberIds) ConsumerTimers.Stop(group, id, outcome);
        var epoch = group.EpochAndHash.Value.Epoch;
        group.Forget(outcome);
        machine.Classic.Adopt(group.Name, [.. members.Select(static pair => pair.Member)], epoch, protocol, mustRebalance, outcome);
    }

    private static ClassicMember Convert(ConsumerMember member) => new(member.Id, member.InstanceId, new MemberClient(member.ClientId, member.ClientHost))
    {
        SessionTimeout = member.Classic!.SessionTimeout,
        RebalanceTimeout = member.RebalanceTimeout,
        Protocols = [.. member.Classic.Protocols.Select(static offer => new GroupProtocolOffer(offer.Key, offer.Value))],
    };

    private static IEnumerable<KeyValuePair<Uuid, IEnumerable<int>>> Partitions(Assignment target) =>
        target.Topics.Select(static topic => new KeyValuePair<Uuid, IEnumerable<int>>(topic.Key, topic.Value));
}
