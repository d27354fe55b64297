using System.Buffers.Binary;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups.Assignors;

/// <summary>
/// Even and sticky, and nobody gets what another still has: it is taken from that one in this round, and given in the next
/// (KIP-429).
/// </summary>
internal sealed class CooperativeStickyAssignor : PartitionAssignor
{
    public override string Name => "cooperative-sticky";

    public override bool IsCooperative => true;

    // For leaders that know no generation in the subscription itself.
    public override byte[] UserData(IReadOnlyCollection<TopicPartition> previous, int generation)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, generation);
        return bytes;
    }

    public override (IReadOnlyList<TopicPartition> Owned, int Generation) OwnedBy(ConsumerProtocolSubscription subscription)
    {
        var generation = subscription.GenerationId;
        if (generation < 0 && subscription.UserData is { Length: >= sizeof(int) } data) generation = BinaryPrimitives.ReadInt32BigEndian(data.Span);
        return (Flat(subscription), generation);
    }

    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        var given = Nothing(members);
        StickyPlan.Fill(members, Wanted(members, partitions), given);
        // Whatever anybody says to have, however long ago, has to be given up before another begins with it.
        var holders = new Dictionary<TopicPartition, List<string>>();
        foreach (var member in members)
        {
            foreach (var where in member.Owned)
            {
                if (!holders.TryGetValue(where, out var its)) holders[where] = its = [];
                its.Add(member.Id);
            }
        }

        foreach (var (id, its) in given)
            its.RemoveAll(where => holders.TryGetValue(where, out var of) && !of.Contains(id));
        return given;
    }
}
