namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>The order in which Kafka's assignors meet the members of a group.</summary>
internal static class MemberOrder
{
    /// <summary>The multiplier that spreads hashes over the slots of the coordinator's own maps.</summary>
    private const long Spread = -7046029254386353131L;

    /// <param name="joined">In the order in which they did.</param>
    /// <param name="joining">One that is about to, or is among them.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> joined, string? joining = null)
    {
        var map = new JavaHashMap<string, bool>(JavaHash.OfText);
        foreach (var id in Held(joined)) map[id] = true;
        if (joining is not null) map[joining] = true;
        return map.Select(entry => entry.Key);
    }

    /// <summary>The order in which Kafka's coordinator walks the members it holds.</summary>
    public static IEnumerable<string> Held(IReadOnlyCollection<string> joined)
    {
        var slots = SlotBits(joined.Count);
        // Of those in one slot it walks the last that came first.
        return joined.Reverse().OrderBy(id => (int)((ulong)(JavaHash.OfText(id) * Spread) >> (64 - slots)));
    }

    // The coordinator's map begins with two slots, and doubles before an addition that would fill more than 4/3 of them.
    private static int SlotBits(int count)
    {
        var bits = 1;
        while (count * 0.75 > 1L << bits) bits++;
        return bits;
    }
}
