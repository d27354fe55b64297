namespace Moldau.Client.Groups.Assignors;

/// <summary>All partitions in order, to the members in turn; who does not read a topic is passed over.</summary>
internal sealed class RoundRobinAssignor : PartitionAssignor
{
    public override string Name => "roundrobin";

    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        var given = Nothing(members);
        var turn = Ordered(members);
        var next = 0;
        foreach (var where in Wanted(members, partitions))
        {
            while (!turn[next].Topics.Contains(where.Topic)) next = (next + 1) % turn.Count;
            given[turn[next].Id].Add(where);
            next = (next + 1) % turn.Count;
        }

        return given;
    }
}
