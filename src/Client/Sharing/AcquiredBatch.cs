using Moldau.Client.Fetching;

namespace Moldau.Client.Sharing;

/// <summary>
/// A batch as it was written, and which of its records this consumer has acquired. Stages and locks are guarded by the lock of the
/// <see cref="ShareTable"/>; the bytes are there until everybody who reads it has released it.
/// </summary>
internal sealed class AcquiredBatch(SharePartition partition, FetchedBatch batch, List<AcquiredRecord> records)
{
    private readonly AcquiredRecord[] _records = [.. records];
    private int _readers = 1;

    public SharePartition Partition => partition;

    public FetchedBatch Batch => batch;

    public int Count => _records.Length;

    /// <summary>The broker that gave it.</summary>
    public BrokerShare Broker { get; set; } = null!;

    /// <summary>Records that are neither acknowledged nor lost.</summary>
    public int Held { get; set; }

    /// <summary>The next that nobody has seen.</summary>
    public int Next { get; set; }

    public ref AcquiredRecord this[int place] => ref _records[place];

    public long OffsetOf(int place) => _records[place].Offset;

    /// <summary>One more reads it.</summary>
    public void Retain() => Interlocked.Increment(ref _readers);

    /// <returns>Whether nobody reads it any more.</returns>
    public bool Release() => Interlocked.Decrement(ref _readers) == 0;
}
