using Moldau.Client.Groups;

namespace Moldau.Client.Consuming;

/// <summary>What is read, and how.</summary>
public sealed record ConsumerOptions
{
    /// <summary>The group whose members share the topics out, and that remembers how far they are; null to read alone.</summary>
    public string? GroupId { get; init; }

    /// <summary>How the consumer is a member of its group, where that is not as usual.</summary>
    public GroupOptions Group { get; init; } = new();

    /// <summary>In place of <see cref="Topics"/>, for a group: every topic whose whole name matches, also one that comes later. RE2.</summary>
    public string? Pattern { get; init; }

    /// <summary>
    /// Without a group all their partitions are read, and those that are added later from their beginning, when the client's knowledge of
    /// the cluster is refreshed (<see cref="KafkaClientOptions.MetadataAge"/>). None where <c>AssignAsync</c> says what is.
    /// </summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Where the partitions of <see cref="Topics"/> are begun.</summary>
    public StartPosition Start { get; init; } = StartPosition.Committed;

    /// <summary>Where nothing else says where to begin, or what was to come next is gone. Kafka's own clients begin at the end.</summary>
    public OffsetReset Reset { get; init; } = OffsetReset.Earliest;

    /// <summary>
    /// Reads up to the end that is there when a partition is begun, and then ends.
    /// Partitions that are added later are not read. A member of a group that holds no partition ends when it was in the group for the
    /// <see cref="GroupOptions.RebalanceTimeout"/> without being given one: so long others may take to give one up.
    /// </summary>
    public bool StopAtEnd { get; init; }

    /// <summary>Whether records of transactions that are open or were given up are left out. Java's consumer reads them unless told not to.</summary>
    public bool ReadCommitted { get; init; } = true;

    /// <summary>How long a broker waits for records before it answers that there are none.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How much has to be there before a broker answers sooner than <see cref="LongestWait"/>.</summary>
    public int MinBytes { get; init; } = 1;

    /// <summary>Bytes of one answer; a larger batch comes all the same.</summary>
    public int MaxBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of one partition in one answer; a larger batch comes all the same.</summary>
    public int PartitionBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that wait to be read, as they came: no more is asked for before they are.</summary>
    public int PrefetchBytes { get; init; } = 64 << 20;

    /// <summary>Bytes that one batch may unpack to.</summary>
    public int BatchBytes { get; init; } = 256 << 20;

    /// <summary>Where this consumer is: brokers that have replicas there may let it read from them (KIP-392).</summary>
    public string? RackId { get; init; }

    /// <summary>How often what is done is committed, where there is a group; zero for only when told to and at the end.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal void Check()
    {
        if (Pattern is not null && GroupId is null) throw new ArgumentException($"Pattern is '{Pattern}', and there is no GroupId: it is groups that have patterns; name Topics, or a group");
        if (Pattern is not null && Topics.Count > 0) throw new ArgumentException("both Topics and Pattern say what is read; leave one of them out");
        Positive(MaxBytes, nameof(MaxBytes));
        Positive(PartitionBytes, nameof(PartitionBytes));
        Positive(PrefetchBytes, nameof(PrefetchBytes));
        Positive(BatchBytes, nameof(BatchBytes));
        if (MinBytes < 0) throw new ArgumentException($"MinBytes is {MinBytes}; it takes 0 or more");
        if (LongestWait < TimeSpan.Zero || LongestWait.TotalMilliseconds > int.MaxValue) throw new ArgumentException($"LongestWait is {LongestWait}; it takes 0 to 24 days");
        if (CommitInterval < TimeSpan.Zero) throw new ArgumentException($"CommitInterval is {CommitInterval}; it takes 0 (only when told to) or more");
    }

    private static void Positive(int value, string name)
    {
        if (value <= 0) throw new ArgumentException($"{name} is {value}; it takes a number of bytes above 0");
    }
}
