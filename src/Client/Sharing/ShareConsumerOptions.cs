namespace Moldau.Client.Sharing;

/// <summary>What is read in a share group, and how.</summary>
public sealed record ShareConsumerOptions
{
    /// <summary>The group whose members have the records of its topics between them, one by one.</summary>
    public string GroupId { get; init; } = "";

    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>
    /// Whether a record that nothing was said of is accepted when the next is asked for. False: each is acknowledged by its own call,
    /// and one that is not comes to somebody again when its lock ends.
    /// </summary>
    public bool AcceptsImplicitly { get; init; } = true;

    /// <summary>Records that this consumer holds at a time: those that wait to be given out, and those it has not acknowledged.</summary>
    public int MaxRecords { get; init; } = 500;

    public ShareAcquireMode AcquireMode { get; init; } = ShareAcquireMode.WholeBatches;

    /// <summary>How long a broker waits for records before it answers that there are none. Acknowledgements go out between such requests.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How much has to be there before a broker answers sooner than <see cref="LongestWait"/>.</summary>
    public int MinBytes { get; init; } = 1;

    /// <summary>Bytes of one answer; a larger batch comes all the same.</summary>
    public int MaxBytes { get; init; } = 16 << 20;

    /// <summary>Bytes that one batch may unpack to.</summary>
    public int BatchBytes { get; init; } = 256 << 20;

    /// <summary>How long an acknowledgement waits for a request that takes it along, before it gets one of its own.</summary>
    public TimeSpan AcknowledgeInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What becomes of a record whose key or value its serde refuses. Rejected, it comes to nobody again; whoever reads is told by the
    /// exception either way, and goes on behind it.
    /// </summary>
    public Acknowledgement Unreadable { get; init; } = Acknowledgement.Reject;

    /// <summary>Where this consumer is; told to the group's coordinator.</summary>
    public string? RackId { get; init; }

    /// <summary>Told what brokers made of acknowledgements, a partition at a time. It is called between requests: it should be quick.</summary>
    public Action<AcknowledgedRecords>? OnAcknowledged { get; init; }

    internal void Check()
    {
        if (GroupId.Length == 0) throw new ArgumentException("a share consumer is a member of a group: give GroupId");
        if (Topics.Count == 0) throw new ArgumentException("a share consumer reads topics; Topics names none");
        Positive(MaxRecords, nameof(MaxRecords), "records");
        Positive(MaxBytes, nameof(MaxBytes), "bytes");
        Positive(BatchBytes, nameof(BatchBytes), "bytes");
        if (MinBytes < 0) throw new ArgumentException($"MinBytes is {MinBytes}; it takes 0 or more");
        if (LongestWait < TimeSpan.Zero || LongestWait.TotalMilliseconds > int.MaxValue) throw new ArgumentException($"LongestWait is {LongestWait}; it takes 0 to 24 days");
        if (AcknowledgeInterval < TimeSpan.Zero || AcknowledgeInterval.TotalMilliseconds > int.MaxValue) throw new ArgumentException($"AcknowledgeInterval is {AcknowledgeInterval}; it takes 0 to 24 days");
        if (Unreadable is not (Acknowledgement.Accept or Acknowledgement.Release or Acknowledgement.Reject)) throw new ArgumentException($"Unreadable is {Unreadable}; it takes Accept, Release or Reject");
        if (!Enum.IsDefined(AcquireMode)) throw new ArgumentException($"AcquireMode is {AcquireMode}; it takes WholeBatches or RecordLimit");
    }

    private static void Positive(int value, string name, string what)
    {
        if (value <= 0) throw new ArgumentException($"{name} is {value}; it takes a number of {what} above 0");
    }
}
