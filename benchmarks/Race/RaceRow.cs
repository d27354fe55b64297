namespace Moldau.Bench.Race;

/// <summary>One load that contenders are put under in turn.</summary>
/// <param name="Name">What the row is chosen by.</param>
/// <param name="Peer">Whom ours is measured beside; null: nobody.</param>
/// <param name="Sample">A turn of so long.</param>
/// <param name="Goals">What is looked at, in the order it is told.</param>
internal sealed record RaceRow(string Name, ContenderKind? Peer, Func<Contender, TimeSpan, RaceSample> Sample, params RaceGoal[] Goals)
{
    /// <summary>Who is measured; the row's own side.</summary>
    public ContenderKind Ours { get; init; } = ContenderKind.Moldau;

    /// <summary>At least so many rounds, where a small difference is to be told from none; the spread of the ratios is told then.</summary>
    public int LeastRounds { get; init; }

    /// <summary>Done once for each contender before its first turn.</summary>
    public Action<Contender>? Prepare { get; init; }

    /// <summary>Done once for each contender behind its last turn.</summary>
    public Action<Contender>? CleanUp { get; init; }

    /// <summary>How long a turn is. What a processor's time is told in is counted in hundredths of a second.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The least that a contender is warmed up, beyond two turns that agree: a virtual machine compiles for long under a small load.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>How many turns, where one takes as long as all others together.</summary>
    public int? Turns { get; init; }

    /// <summary>Whether it is one of those that a quick race is made of: one of each kind, and none that takes long.</summary>
    public bool IsQuick { get; init; }

    public string Note { get; init; } = "";
}
