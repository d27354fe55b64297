using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups.Assignors;

/// <summary>
/// Even and sticky. Members give up everything and say in data of the assignor's own what they had, as Kafka's sticky assignor has it:
/// the partitions, and from its second form on the generation behind them.
/// </summary>
internal sealed class StickyAssignor : PartitionAssignor
{
    private const int LeastTopicBytes = sizeof(short) + sizeof(int);

    public override string Name => "sticky";

    public override byte[]? UserData(IReadOnlyCollection<TopicPartition> previous, int generation)
    {
        if (previous.Count == 0) return null;
        // The generation stands behind the same bytes that the list alone would have.
        var topics = PartitionOrder.ByTopic(previous);
        var size = sizeof(int) + sizeof(int);
        foreach (var (topic, numbers) in topics) size += sizeof(short) + System.Text.Encoding.UTF8.GetByteCount(topic) + sizeof(int) * (1 + numbers.Count);
        var bytes = new byte[size];
        var writer = new WireWriter(bytes);
        writer.WriteInt32(topics.Count);
        foreach (var (topic, numbers) in topics)
        {
            writer.WriteString(topic, compact: false);
            writer.WriteInt32(numbers.Count);
            foreach (var number in numbers) writer.WriteInt32(number);
        }

        writer.WriteInt32(generation);
        return bytes;
    }

    public override (IReadOnlyList<TopicPartition> Owned, int Generation) OwnedBy(ConsumerProtocolSubscription subscription)
    {
        if (subscription.UserData is not { Length: > 0 } data) return ([], -1);
        try
        {
            var owned = new List<TopicPartition>();
            var reader = new WireReader(data);
            for (var topics = reader.ReadArrayLength(compact: false, LeastTopicBytes, "topics"); topics > 0; topics--)
            {
                var topic = reader.ReadString(compact: false, "topic");
                for (var left = reader.ReadArrayLength(compact: false, sizeof(int), "partitions"); left > 0; left--) owned.Add(new TopicPartition(topic, reader.ReadInt32("partition")));
            }

            return (owned, reader.Remaining >= sizeof(int) ? reader.ReadInt32("generation") : -1);
        }
        catch (MalformedMessageException)
        {
            // A member with data of another form begins anew; the group goes on.
            return ([], -1);
        }
    }

    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        var given = Nothing(members);
        StickyPlan.Fill(members, Wanted(members, partitions), given);
        return given;
    }
}
