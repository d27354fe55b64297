namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>The order in which Kafka's assignors meet the members of a group.</summary>
internal static class MemberOrder
{
    /// <summary>The multiplier that spreads hashes over the slots of the coordinator's own maps.</summary>
    private const long Spread = -7046029254386353131L;

    /// <param name="ids">In the order in which they joined.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> ids)
    {
        var slots = SlotBits(ids.Count);
        var walked = ids.OrderBy(id => (int)((ulong)(JavaHash.OfText(id) * Spread) >> (64 - slots)));
        return JoinedInto(walked);
    }

    private static IEnumerable<string> JoinedInto(IEnumerable<string> ids)
    {
        var map = new JavaHashMap<string, bool>(JavaHash.OfText);
        foreach (var id in ids) map[id] = true;
        return map.Select(entry => entry.Key);
    }

    // The coordinator's map begins with two slots, and doubles before an addition that would fill more than 4/3 of them.
    private static int SlotBits(int count)
    {
        var bits = 1;
        while (count * 0.75 > 1L << bits) bits++;
        return bits;
    }
}
