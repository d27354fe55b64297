namespace Moldau.Client.Consuming;

/// <summary>Where in a partition reading begins. The default is <see cref="Committed"/>.</summary>
public readonly record struct StartPosition
{
    private StartPosition(Kind kind, long number, int leaderEpoch = -1) => (What, Number, LeaderEpoch) = (kind, number, leaderEpoch);

    internal enum Kind
    {
        Committed,
        Reset,
        Beginning,
        End,
        Offset,
        Time,
        Tail,
    }

    /// <summary>Behind what the group has done; where it has done nothing, or there is no group, as <see cref="ConsumerOptions.Reset"/> says.</summary>
    public static StartPosition Committed => default;

    /// <summary>The first record that is kept.</summary>
    public static StartPosition Beginning => new(Kind.Beginning, 0);

    /// <summary>Behind the last record: only what comes.</summary>
    public static StartPosition End => new(Kind.End, 0);

    /// <summary>As <see cref="ConsumerOptions.Reset"/> says.</summary>
    internal static StartPosition Reset => new(Kind.Reset, 0);

    internal Kind What { get; }

    internal long Number { get; }

    internal int LeaderEpoch { get; private init; }

    public static StartPosition Offset(long offset) =>
        offset >= 0 ? new(Kind.Offset, offset) : throw new ArgumentOutOfRangeException(nameof(offset), offset, "offsets begin at 0");

    /// <summary>An offset with the epoch it was read in, so that it is noticed where the log has become another since.</summary>
    public static StartPosition At(OffsetPosition position) => Offset(position.Offset) with { LeaderEpoch = position.LeaderEpoch };

    /// <summary>The first record of that time or later.</summary>
    public static StartPosition Time(DateTimeOffset time) => new(Kind.Time, time.ToUnixTimeMilliseconds());

    /// <summary>So many offsets before the end of each partition.</summary>
    public static StartPosition Tail(long count) => new(Kind.Tail, count);
}
