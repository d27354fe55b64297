namespace Moldau.Storage.Compaction;

/// <summary>What a broker says of its compaction, under Kafka's names.</summary>
public sealed record CleanerOptions
{
    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: what a cleaner's map of keys may take, at 24 bytes a key.</summary>
    public long DedupeBufferBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary><c>log.cleaner.io.buffer.load.factor</c>: which part of the map's slots may be taken.</summary>
    public double DedupeBufferLoad { get; init; } = 0.9;

    /// <summary><c>log.cleaner.io.buffer.size</c>: what is read at once; a larger batch is read whole all the same.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary><c>log.cleaner.backoff.ms</c>: for so long a log is left alone that the disk refused to compact.</summary>
    public long BackoffMilliseconds { get; init; } = 15_000;

    /// <summary>What the records of one batch may decompress to.</summary>
    public int MostRecordBytes { get; init; } = 1024 * 1024 * 1024;
}
