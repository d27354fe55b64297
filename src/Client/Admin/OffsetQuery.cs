namespace Moldau.Client.Admin;

/// <summary>Which offset of a partition is looked for.</summary>
/// <param name="Timestamp">Milliseconds since 1970, or one of the protocol's numbers below zero.</param>
public readonly record struct OffsetQuery(long Timestamp)
{
    /// <summary>Behind the last record.</summary>
    public static OffsetQuery Latest => new(-1);

    /// <summary>The first record that is kept.</summary>
    public static OffsetQuery Earliest => new(-2);

    /// <summary>The record with the largest timestamp.</summary>
    public static OffsetQuery LargestTimestamp => new(-3);

    /// <summary>The first record of that time or later.</summary>
    public static OffsetQuery At(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());
}
