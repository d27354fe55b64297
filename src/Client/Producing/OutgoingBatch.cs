using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Records of one partition that go out together, and who waits for them.</summary>
internal sealed class OutgoingBatch(RecordBatchBuilder builder, long openedAt) : SequencedBatch
{
    private AckSource? _lastWaiter;
    private List<FlushTicket>? _tickets;

    public RecordBatchBuilder Builder { get; } = builder;

    /// <summary>The clock's timestamp of its first record.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>What its records hold of the producer's buffer.</summary>
    public int Reserved { get; private set; }

    /// <summary>Why its last attempt came to nothing.</summary>
    public KafkaException? LastFailure { get; set; }

    public override int Count => Builder.RecordCount;

    /// <summary>Bytes so far, before compression.</summary>
    public int Size => Builder.UncompressedSize;

    public void Add(long timestamp, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers, int reserved, AckSource? waiter)
    {
        if (waiter is not null)
        {
            waiter.Index = Builder.RecordCount;
            waiter.Next = _lastWaiter;
            _lastWaiter = waiter;
        }

        Builder.Append(timestamp, key, value, headers);
        Reserved += reserved;
    }

    public void Give(FlushTicket ticket)
    {
        ticket.Add();
        (_tickets ??= []).Add(ticket);
    }

    public void Succeed(TopicPartition where, long baseOffset)
    {
        while (TakeWaiter() is { } waiter) waiter.Succeed(new RecordAck(where, baseOffset < 0 ? -1 : baseOffset + waiter.Index));
        Punch();
    }

    public void Fail(KafkaException error)
    {
        while (TakeWaiter() is { } waiter) waiter.Fail(error);
        Punch();
    }

    /// <summary>Two batches of half its records each; this one is then empty-handed, and only its room is left to be given back.</summary>
    public (OutgoingBatch First, OutgoingBatch Second) Split(RecordBatchBuilder first, RecordBatchBuilder second)
    {
        var half = Count / 2;
        var parts = (First: new OutgoingBatch(first, OpenedAt), Second: new OutgoingBatch(second, OpenedAt));
        Builder.CopyRecords(0, half, first);
        Builder.CopyRecords(half, Count - half, second);
        parts.Second.Reserved = Reserved / 2;
        parts.First.Reserved = Reserved - parts.Second.Reserved;
        Reserved = 0;
        while (TakeWaiter() is { } waiter)
        {
            var part = waiter.Index < half ? parts.First : parts.Second;
            if (part == parts.Second) waiter.Index -= half;
            waiter.Next = part._lastWaiter;
            part._lastWaiter = waiter;
        }

        foreach (var ticket in _tickets ?? [])
        {
            parts.First.Give(ticket);
            parts.Second.Give(ticket);
        }

        Punch();
        return parts;
    }

    // Once it is told, a source may be in use again, with another neighbour.
    private AckSource? TakeWaiter()
    {
        var waiter = _lastWaiter;
        _lastWaiter = waiter?.Next;
        return waiter;
    }

    private void Punch()
    {
        foreach (var ticket in _tickets ?? []) ticket.Punch();
        _tickets = null;
    }
}
