namespace Moldau.Client.Consuming;

/// <summary>Where reading begins when nothing says where, or when what was to be read next is not there any more.</summary>
public readonly record struct OffsetReset
{
    private OffsetReset(Kind kind, TimeSpan age) => (What, Age) = (kind, age);

    internal enum Kind
    {
        Earliest,
        Latest,
        None,
        ByDuration,
    }

    /// <summary>With the first record that is kept.</summary>
    public static OffsetReset Earliest => new(Kind.Earliest, default);

    /// <summary>Behind the last record: only what comes.</summary>
    public static OffsetReset Latest => new(Kind.Latest, default);

    /// <summary>Nowhere: it is an error, and whoever reads decides.</summary>
    public static OffsetReset None => new(Kind.None, default);

    internal Kind What { get; }

    internal TimeSpan Age { get; }

    /// <summary>With the first record that is no older than this (KIP-1106); behind the last where all are.</summary>
    public static OffsetReset ByDuration(TimeSpan age) =>
        age >= TimeSpan.Zero ? new(Kind.ByDuration, age) : throw new ArgumentOutOfRangeException(nameof(age), age, "an age below zero lies in the future");
}
