using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Cuts each topic into ranges, one for each member that subscribes to it, so that the same member owns the same numbers of
/// topics with as many partitions: Kafka's 'range'.
/// </summary>
internal sealed class RangeAssignor : IAssignor
{
    public string Name => "range";

    public IReadOnlyDictionary<string, Assignment> Assign(AssignorInput input)
    {
        var members = input.Members.ToList();
        members.Sort(Compare);
        var cuts = new Dictionary<Uuid, Cut>();
        foreach (var member in members)
        {
            foreach (var topic in member.Topics)
            {
                if (!cuts.TryGetValue(topic, out var cut)) cuts[topic] = cut = new Cut(input.PartitionsOf(topic));
                cut.Members++;
            }
        }

        var assignments = new Dictionary<string, Assignment>();
        foreach (var member in members)
        {
            var taken = new JavaHashMap<Uuid, int[]>(JavaHash.OfId, JavaHashMap<Uuid, int[]>.CapacityFor(member.Topics.Count));
            foreach (var topic in member.Topics)
            {
                var range = cuts[topic].Next();
                if (range.Length > 0) taken[topic] = range;
            }

            assignments[member.Id] = Assignment.InOrder(taken);
        }

        return assignments;
    }

    // Static members first: their order outlives their member ids.
    private static int Compare(AssignorMember one, AssignorMember other)
    {
        if (one.InstanceId is not null && other.InstanceId is not null) return string.CompareOrdinal(one.InstanceId, other.InstanceId);
        if (one.InstanceId is not null) return -1;
        return other.InstanceId is not null ? 1 : string.CompareOrdinal(one.Id, other.Id);
    }

    private sealed class Cut(int partitions)
    {
        private int _next;
        private int _taken;

        public int Members { get; set; }

        public int[] Next()
        {
            var size = (partitions / Members) + (_taken++ < partitions % Members ? 1 : 0);
            var range = Enumerable.Range(_next, size).ToArray();
            _next += size;
            return range;
        }
    }
}
