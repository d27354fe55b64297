namespace Moldau.Coordination.Deliveries;

/// <summary>What somebody says of records that he has.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">Is one of them.</param>
/// <param name="Types">One for all, or one each.</param>
public readonly record struct AcknowledgedRange(long First, long Last, IReadOnlyList<sbyte> Types)
{
    public AcknowledgementType TypeOf(long offset) => (AcknowledgementType)(Types.Count == 1 ? Types[0] : Types[(int)(offset - First)]);

    /// <summary>The last offset from the one given on, up to a limit, of which the same is said.</summary>
    public long EndOfType(long offset, long limit)
    {
        if (Types.Count == 1) return limit;
        var type = TypeOf(offset);
        while (offset < limit && TypeOf(offset + 1) == type) offset++;
        return offset;
    }
}
