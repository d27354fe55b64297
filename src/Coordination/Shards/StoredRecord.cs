namespace Moldau.Coordination.Shards;

/// <summary>A record as it lies in the shard's partition.</summary>
/// <param name="Key">The kind's number in front.</param>
/// <param name="Value">The version in front; null is a tombstone.</param>
public readonly record struct StoredRecord(long Timestamp, byte[] Key, byte[]? Value)
{
    // The lengths, the offset and the timestamp of a record in a batch take no more.
    private const int Overhead = 32;

    public int SizeUpperBound => Overhead + Key.Length + (Value?.Length ?? 0);
}
