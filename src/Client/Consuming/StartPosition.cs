namespace Moldau.Client.Consuming;

/// <summary>Where in a partition reading begins.</summary>
public readonly record struct StartPosition
{
    private StartPosition(Kind kind, long number) => (What, Number) = (kind, number);

    internal enum Kind
    {
        Beginning,
        End,
        Offset,
        Time,
        Tail,
    }

    /// <summary>The first record that is kept.</summary>
    public static StartPosition Beginning => new(Kind.Beginning, 0);

    /// <summary>Behind the last record: only what comes.</summary>
    public static StartPosition End => new(Kind.End, 0);

    internal Kind What { get; }

    internal long Number { get; }

    public static StartPosition Offset(long offset) => new(Kind.Offset, offset);

    /// <summary>The first record of that time or later.</summary>
    public static StartPosition Time(DateTimeOffset time) => new(Kind.Time, time.ToUnixTimeMilliseconds());

    /// <summary>So many offsets before the end of each partition.</summary>
    public static StartPosition Tail(long count) => new(Kind.Tail, count);
}
