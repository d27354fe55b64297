namespace Moldau.Client.Handling;

/// <summary>Says what becomes of a record whose handler failed, as <c>Failure.Retry(3).Then.DeadLetter("orders.dlq")</c>.</summary>
public static class Failure
{
    private static readonly TimeSpan UsualFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UsualLongest = TimeSpan.FromSeconds(30);

    /// <summary>Ends the run with what the handler threw; the record comes again.</summary>
    public static FailurePolicy Stop { get; } = new(FailureEnd.Stop);

    /// <summary>Passes it over.</summary>
    public static FailurePolicy Skip { get; } = new(FailureEnd.Skip);

    /// <summary>In a share group: gives it back, so that somebody has it again; the group's limit of deliveries ends that.</summary>
    public static FailurePolicy Release { get; } = new(FailureEnd.Release);

    /// <summary>In a share group: nobody has it again.</summary>
    public static FailurePolicy Reject { get; } = new(FailureEnd.Reject);

    /// <summary>Writes it to another topic, with headers that say where it comes from and what was wrong.</summary>
    public static FailurePolicy DeadLetter(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        return new FailurePolicy(FailureEnd.DeadLetter, topic);
    }

    /// <summary>Tries it again, in its place: what comes behind it in its order waits.</summary>
    /// <param name="times">How often.</param>
    /// <param name="first">The pause before the first of these; it doubles.</param>
    /// <param name="longest">The longest pause.</param>
    public static Retrying Retry(int times, TimeSpan? first = null, TimeSpan? longest = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        return new Retrying(times, first ?? UsualFirst, longest ?? UsualLongest);
    }

    /// <summary>What is said after the attempts.</summary>
    public sealed class Retrying
    {
        private readonly int _times;
        private readonly TimeSpan _first;
        private readonly TimeSpan _longest;

        internal Retrying(int times, TimeSpan first, TimeSpan longest) => (_times, _first, _longest) = (times, first, longest);

        public Retrying Then => this;

        public FailurePolicy Stop => After(Failure.Stop);

        public FailurePolicy Skip => After(Failure.Skip);

        public FailurePolicy Release => After(Failure.Release);

        public FailurePolicy Reject => After(Failure.Reject);

        public FailurePolicy DeadLetter(string topic) => After(Failure.DeadLetter(topic));

        private FailurePolicy After(FailurePolicy end) => end with { Retries = _times, FirstPause = _first, LongestPause = _longest };
    }
}
