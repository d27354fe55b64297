namespace Moldau.Client.Handling;

/// <summary>What becomes of a record whose handler failed: how often it is tried again, and what then.</summary>
public sealed record FailurePolicy
{
    internal FailurePolicy(FailureEnd end, string? deadLetterTopic = null) => (End, DeadLetterTopic) = (end, deadLetterTopic);

    public FailureEnd End { get; }

    public string? DeadLetterTopic { get; }

    /// <summary>How often it is tried again.</summary>
    public int Retries { get; internal init; }

    /// <summary>The pause before the first of these; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; internal init; }

    public TimeSpan LongestPause { get; internal init; }

    /// <summary>How long to wait behind so many attempts.</summary>
    internal TimeSpan PauseAfter(int attempts) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30))));
}
