namespace Moldau.Bench.Harness;

/// <summary>A line of the table: ours, beside a peer that does the same or a limit that cannot be passed.</summary>
internal sealed record Row(string Name, Unit Unit, Subject Ours, Subject? Peer, Goal Goal)
{
    /// <summary>What the two sides are called, and what they differ in apart from speed.</summary>
    public string Note { get; init; } = "";

    /// <summary>What was found out by measuring, besides the time; it stands behind the note.</summary>
    public Func<string>? Found { get; init; }

    public Pace Pace { get; init; } = Pace.Processor;
}
