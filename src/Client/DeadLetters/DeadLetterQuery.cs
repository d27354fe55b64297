namespace Moldau.Client.DeadLetters;

/// <summary>Which letters of a dead letter topic are meant.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Only those that this group gave up; null for everybody's.</summary>
    public string? Group { get; init; }

    /// <summary>Only records of this topic; null for any.</summary>
    public string? Origin { get; init; }

    /// <summary>Only these, by their partitions and offsets in the dead letter topic; none for all.</summary>
    public IReadOnlyCollection<(int Partition, long Offset)> Only { get; init; } = [];

    /// <summary>Whether those that were sent back already are meant too.</summary>
    public bool WithReplayed { get; init; }

    internal bool Includes(DeadLetter letter) =>
        (Group is null || letter.Group is null || letter.Group == Group) && (Origin is null || letter.Origin.Topic == Origin)
        && (WithReplayed || !letter.IsReplayed) && (Only.Count == 0 || Only.Contains((letter.Where.Partition, letter.Offset)));
}
