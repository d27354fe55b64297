namespace Moldau.Client.Admin;

/// <summary>Where a group is to go on in each partition.</summary>
public sealed record GroupSeek
{
    private GroupSeek(OffsetQuery? query, long number, bool isShift) => (Query, Number, IsShift) = (query, number, isShift);

    public static GroupSeek Earliest { get; } = new(OffsetQuery.Earliest, 0, false);

    public static GroupSeek Latest { get; } = new(OffsetQuery.Latest, 0, false);

    /// <summary>What is looked up; null where the number says it.</summary>
    internal OffsetQuery? Query { get; }

    internal long Number { get; }

    internal bool IsShift { get; }

    /// <summary>The first record of that time or later, and the end where there is none.</summary>
    public static GroupSeek At(DateTimeOffset time) => new(OffsetQuery.At(time), 0, false);

    /// <summary>This offset, or the nearest that the partition has.</summary>
    public static GroupSeek To(long offset) => new(null, offset, false);

    /// <summary>So many records on, or back where it is below zero, as far as the partition goes.</summary>
    public static GroupSeek By(long records) => new(null, records, true);
}
