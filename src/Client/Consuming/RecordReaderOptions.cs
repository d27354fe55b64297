namespace Moldau.Client.Consuming;

/// <summary>What is read, and how.</summary>
public sealed record RecordReaderOptions
{
    public required string Topic { get; init; }

    /// <summary>None: all of them.</summary>
    public IReadOnlyList<int> Partitions { get; init; } = [];

    public StartPosition Start { get; init; } = StartPosition.Beginning;

    /// <summary>Whether to wait for what comes behind the end that was there at the beginning.</summary>
    public bool Follows { get; init; }

    /// <summary>Whether records of transactions that are open or were given up are left out.</summary>
    public bool ReadCommitted { get; init; } = true;

    /// <summary>How long a broker waits for records before it answers that there are none.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes of one partition in one answer; a larger batch comes all the same.</summary>
    public int PartitionBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of one answer.</summary>
    public int AnswerBytes { get; init; } = 16 << 20;

    /// <summary>Bytes that one batch may unpack to.</summary>
    public int BatchBytes { get; init; } = 256 << 20;
}
