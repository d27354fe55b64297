namespace Moldau.Client.Groups.Assignors;

/// <summary>
/// Each topic by itself: its members in order take ranges of it, the first ones one more where it does not come out even. Topics with as
/// many partitions and the same members are so given out alike.
/// </summary>
internal sealed class RangeAssignor : PartitionAssignor
{
    public override string Name => "range";

    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        var given = Nothing(members);
        var readers = new SortedDictionary<string, List<AssignorMember>>(StringComparer.Ordinal);
        foreach (var member in Ordered(members))
        {
            foreach (var topic in member.Topics)
            {
                if (!readers.TryGetValue(topic, out var its)) readers[topic] = its = [];
                its.Add(member);
            }
        }

        foreach (var (topic, its) in readers)
        {
            var (share, more) = Math.DivRem(partitions.GetValueOrDefault(topic), its.Count);
            var number = 0;
            for (var i = 0; i < its.Count; i++)
            {
                for (var end = number + share + (i < more ? 1 : 0); number < end; number++) given[its[i].Id].Add(new TopicPartition(topic, number));
            }
        }

        return given;
    }
}
