namespace Moldau.Coordination.ShareStates;

/// <summary>Brings ranges together: sorted, none over another, neighbours that are alike being one.</summary>
public static class StateRanges
{
    public const long NoStart = -1;

    /// <param name="known">Sorted, and none over another.</param>
    /// <param name="said">In any order, also over each other.</param>
    /// <param name="start">What lies below is dropped; <see cref="NoStart"/> drops nothing.</param>
    public static StateRange[] Merge(IReadOnlyList<StateRange> known, IReadOnlyList<StateRange> said, long start)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(said);
        var sorted = new StateRange[said.Count];
        for (var index = 0; index < sorted.Length; index++) sorted[index] = said[index];
        Array.Sort(sorted, static (one, other) => one.First.CompareTo(other.First));
        IReadOnlyList<StateRange> merged = known;
        // Nearly always none lies over another, and one pass is all.
        for (var from = 0; from < sorted.Length;)
        {
            var to = from + 1;
            while (to < sorted.Length && sorted[to].First > sorted[to - 1].Last) to++;
            merged = MergeSorted(merged, sorted.AsSpan(from, to - from));
            from = to;
        }

        return Cut(merged, start);
    }

    private static List<StateRange> MergeSorted(IReadOnlyList<StateRange> known, ReadOnlySpan<StateRange> said)
    {
        var merged = new List<StateRange>(known.Count + said.Length);
        var (left, right) = (0, 0);
        var (one, other) = (known.Count > 0 ? known[0] : default, said[0]);
        while (left < known.Count && right < said.Length)
        {
            if (one.Last < other.First)
            {
                Add(merged, one);
                if (++left < known.Count) one = known[left];
            }
            else if (other.Last < one.First)
            {
                Add(merged, other);
                if (++right < said.Length) other = said[right];
            }
            else if (one.First != other.First)
            {
                // What is said of the first records of one of them alone.
                var edge = Math.Max(one.First, other.First);
                if (one.First < edge)
                {
                    Add(merged, one with { Last = edge - 1 });
                    one = one with { First = edge };
                }
                else
                {
                    Add(merged, other with { Last = edge - 1 });
                    other = other with { First = edge };
                }
            }
            else
            {
                var edge = Math.Min(one.Last, other.Last);
                Add(merged, (one.IsNewerThan(other) ? one : other) with { Last = edge });
                if (one.Last > edge) one = one with { First = edge + 1 };
                else if (++left < known.Count) one = known[left];
                if (other.Last > edge) other = other with { First = edge + 1 };
                else if (++right < said.Length) other = said[right];
            }
        }

        for (; left < known.Count; one = ++left < known.Count ? known[left] : default) Add(merged, one);
        for (; right < said.Length; other = ++right < said.Length ? said[right] : default) Add(merged, other);
        return merged;
    }

    private static void Add(List<StateRange> merged, in StateRange range)
    {
        if (merged.Count > 0 && merged[^1] is var before && before.Last + 1 == range.First && before.IsLike(range)) merged[^1] = before with { Last = range.Last };
        else merged.Add(range);
    }

    private static StateRange[] Cut(IReadOnlyList<StateRange> ranges, long start)
    {
        var first = 0;
        if (start != NoStart)
        {
            while (first < ranges.Count && ranges[first].Last < start) first++;
        }

        var kept = new StateRange[ranges.Count - first];
        for (var index = 0; index < kept.Length; index++) kept[index] = ranges[first + index];
        if (start != NoStart && kept.Length > 0 && kept[0].First < start) kept[0] = kept[0] with { First = start };
        return kept;
    }
}
