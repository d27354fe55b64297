using Moldau.Protocol.Errors;

namespace Moldau.Broker.Diagnostics.Counting;

/// <summary>What produce and fetch have in all, beside what their partitions count.</summary>
internal sealed class DataCounts
{
    private long _unknownProduces;
    private long _unknownFetches;
    private long _tooLarge;
    private long _corrupt;
    private long _invalid;
    private long _rejectedBytes;
    private long _acquired;
    private long _acknowledged;
    private long _deadLetters;
    private long _deadLetterFailures;

    /// <summary>Partitions of produces that wait for the disk or a transaction's coordinator.</summary>
    public WaitCounts Produces { get; } = new();

    public WaitCounts Fetches { get; } = new();

    /// <summary>To partitions that are not here.</summary>
    public long UnknownProduces => Interlocked.Read(ref _unknownProduces);

    public long UnknownFetches => Interlocked.Read(ref _unknownFetches);

    public long TooLarge => Interlocked.Read(ref _tooLarge);

    public long Corrupt => Interlocked.Read(ref _corrupt);

    public long Invalid => Interlocked.Read(ref _invalid);

    public long RejectedBytes => Interlocked.Read(ref _rejectedBytes);

    /// <summary>What is counted of each share group.</summary>
    public ShareCounts Shares { get; } = new();

    /// <summary>Records that members of share groups were given, each delivery.</summary>
    public long Acquired => Interlocked.Read(ref _acquired);

    /// <summary>Records that members of share groups answered for, and whose answer was taken.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Records that share groups gave up and that were copied.</summary>
    public long DeadLetters => Interlocked.Read(ref _deadLetters);

    /// <summary>Those that could not be, each time that was tried.</summary>
    public long DeadLetterFailures => Interlocked.Read(ref _deadLetterFailures);

    public void Acquire(long records) => Interlocked.Add(ref _acquired, records);

    public void Acknowledge(long records) => Interlocked.Add(ref _acknowledged, records);

    public void CopyDeadLetters(long records) => Interlocked.Add(ref _deadLetters, records);

    public void FailDeadLetters(long records) => Interlocked.Add(ref _deadLetterFailures, records);

    public void MissProduce() => Interlocked.Increment(ref _unknownProduces);

    public void MissFetch() => Interlocked.Increment(ref _unknownFetches);

    /// <summary>A batch is not taken because of what it is.</summary>
    public void Reject(ErrorCode error, int bytes)
    {
        ref var count = ref _invalid;
        if (error is ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge) count = ref _tooLarge;
        else if (error == ErrorCode.CorruptMessage) count = ref _corrupt;
        Interlocked.Increment(ref count);
        Interlocked.Add(ref _rejectedBytes, bytes);
    }
}
