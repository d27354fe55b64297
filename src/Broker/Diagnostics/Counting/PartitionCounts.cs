namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What has gone in and out of one partition.</summary>
internal sealed class PartitionCounts
{
    private long _messagesIn;
    private long _bytesIn;
    private long _bytesOut;
    private long _produces;
    private long _fetches;
    private long _failedProduces;
    private long _failedFetches;

    public long MessagesIn => Interlocked.Read(ref _messagesIn);

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long Produces => Interlocked.Read(ref _produces);

    public long Fetches => Interlocked.Read(ref _fetches);

    public long FailedProduces => Interlocked.Read(ref _failedProduces);

    public long FailedFetches => Interlocked.Read(ref _failedFetches);

    /// <summary>As the writer.</summary>
    public void Append(long messages, int bytes)
    {
        Volatile.Write(ref _messagesIn, _messagesIn + messages);
        Volatile.Write(ref _bytesIn, _bytesIn + bytes);
    }

    public void Produce() => Interlocked.Increment(ref _produces);

    public void FailProduce() => Interlocked.Increment(ref _failedProduces);

    public void Fetch(int bytes)
    {
        Interlocked.Increment(ref _fetches);
        if (bytes > 0) Interlocked.Add(ref _bytesOut, bytes);
    }

    public void FailFetch()
    {
        Interlocked.Increment(ref _fetches);
        Interlocked.Increment(ref _failedFetches);
    }

    /// <summary>Takes in what another has counted. One caller at a time.</summary>
    public void Add(PartitionCounts other)
    {
        Interlocked.Add(ref _messagesIn, other.MessagesIn);
        Interlocked.Add(ref _bytesIn, other.BytesIn);
        Interlocked.Add(ref _bytesOut, other.BytesOut);
        Interlocked.Add(ref _produces, other.Produces);
        Interlocked.Add(ref _fetches, other.Fetches);
        Interlocked.Add(ref _failedProduces, other.FailedProduces);
        Interlocked.Add(ref _failedFetches, other.FailedFetches);
    }
}
