using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Records of one partition that will go out together, and who waits for them.</summary>
internal sealed class OpenBatch(RecordBatchBuilder builder, long openedAt)
{
    private List<(int Index, TaskCompletionSource<RecordAck> Waiter)>? _waiters;

    public RecordBatchBuilder Builder { get; } = builder;

    /// <summary>The clock's timestamp of its first record.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>What its records hold of the writer's buffer.</summary>
    public int Reserved { get; private set; }

    public int Count => Builder.RecordCount;

    public void Add(long timestamp, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers, int reserved, TaskCompletionSource<RecordAck>? waiter)
    {
        if (waiter is not null) (_waiters ??= []).Add((Count, waiter));
        Builder.Append(timestamp, key, value, headers);
        Reserved += reserved;
    }

    public void Succeed(TopicPartition where, long baseOffset)
    {
        foreach (var (index, waiter) in _waiters ?? []) waiter.TrySetResult(new RecordAck(where, baseOffset < 0 ? -1 : baseOffset + index));
    }

    public void Fail(KafkaException error)
    {
        foreach (var (_, waiter) in _waiters ?? []) waiter.TrySetException(error);
    }
}
