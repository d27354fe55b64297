namespace Moldau.Client.Groups.Assignors;

/// <summary>
/// Even, and with as few moves as that takes. Everybody keeps what is theirs; what is nobody's goes to who has least; then one by one
/// goes over from who has most to who has at least two less, until there is no such pair.
/// </summary>
internal sealed class StickyPlan
{
    private readonly List<AssignorMember> _members = [];
    private readonly Dictionary<string, List<TopicPartition>> _given;

    private StickyPlan(IReadOnlyList<AssignorMember> members, Dictionary<string, List<TopicPartition>> given)
    {
        _members.AddRange(members);
        _members.Sort(AssignorMember.Compare);
        _given = given;
    }

    public static void Fill(IReadOnlyList<AssignorMember> members, List<TopicPartition> wanted, Dictionary<string, List<TopicPartition>> given)
    {
        if (members.Count == 0) return;
        var plan = new StickyPlan(members, given);
        foreach (var where in plan.Keep(wanted)) given[plan.Least(where.Topic).Id].Add(where);
        while (plan.MoveOne())
        {
            // Each move makes the sum of the squares smaller, so this ends.
        }
    }

    /// <summary>What nobody has.</summary>
    private List<TopicPartition> Keep(List<TopicPartition> wanted)
    {
        var claims = Claims();
        var free = new List<TopicPartition>();
        foreach (var where in wanted)
        {
            if (claims.TryGetValue(where, out var claim) && claim.Owner is { } owner && owner.Topics.Contains(where.Topic)) _given[owner.Id].Add(where);
            else free.Add(where);
        }

        // Those that fewest can read come first: the others can still even it out.
        var readers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var where in free)
        {
            if (!readers.ContainsKey(where.Topic)) readers[where.Topic] = _members.FindAll(member => member.Topics.Contains(where.Topic)).Count;
        }

        free.Sort((one, other) => readers[one.Topic] - readers[other.Topic] is var order && order != 0 ? order : PartitionOrder.Compare(one, other));
        return free;
    }

    /// <summary>Who had a partition last. Of two who say so in the same generation neither is believed.</summary>
    private Dictionary<TopicPartition, (AssignorMember? Owner, int Generation)> Claims()
    {
        var claims = new Dictionary<TopicPartition, (AssignorMember? Owner, int Generation)>();
        foreach (var member in _members)
        {
            foreach (var where in member.Owned)
            {
                if (!claims.TryGetValue(where, out var other) || member.Generation > other.Generation) claims[where] = (member, member.Generation);
                else if (member.Generation == other.Generation && other.Owner != member) claims[where] = (null, member.Generation);
            }
        }

        return claims;
    }

    private int Load(AssignorMember member) => _given[member.Id].Count;

    private AssignorMember Least(string topic)
    {
        AssignorMember? least = null;
        foreach (var member in _members)
        {
            if (member.Topics.Contains(topic) && (least is null || Load(member) < Load(least))) least = member;
        }

        return least!;
    }

    private bool MoveOne()
    {
        var byLoad = new List<AssignorMember>(_members);
        byLoad.Sort((one, other) => Load(other) - Load(one) is var order && order != 0 ? order : AssignorMember.Compare(one, other));
        var smallest = Load(byLoad[^1]);
        foreach (var giver in byLoad)
        {
            if (Load(giver) < smallest + 2) return false;
            var its = _given[giver.Id];
            var (from, to) = (-1, default(AssignorMember));
            var seen = new HashSet<string>(StringComparer.Ordinal);
            // The last ones first: those were given, and not kept.
            for (var i = its.Count - 1; i >= 0; i--)
            {
                if (!seen.Add(its[i].Topic)) continue;
                var least = Least(its[i].Topic);
                if (Load(least) + 2 <= Load(giver) && (to is null || Load(least) < Load(to))) (from, to) = (i, least);
            }

            if (to is null) continue;
            _given[to.Id].Add(its[from]);
            its.RemoveAt(from);
            return true;
        }

        return false;
    }
}
