using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Records of one partition that go out together, and who waits for them. Used again for others when it is through.</summary>
internal sealed class OutgoingBatch(RecordBatchBuilder builder) : SequencedBatch
{
    private AckSource? _lastWaiter;
    private readonly List<FlushTicket> _tickets = [];

    public RecordBatchBuilder Builder { get; } = builder;

    /// <summary>The clock's timestamp of its first record.</summary>
    public long OpenedAt { get; set; }

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

    /// <summary>As if it were new; its memory stays.</summary>
    public void Clear()
    {
        Builder.Clear();
        Forget();
        (Reserved, LastFailure, _lastWaiter) = (0, null, null);
        _tickets.Clear();
    }

    public void Give(FlushTicket ticket)
    {
        ticket.Add();
        _tickets.Add(ticket);
    }

    public void Succeed(TopicPartition where, long baseOffset) => End(where, baseOffset, null);

    public void Fail(KafkaException error) => End(default!, 0, error);

    /// <summary>Gives its records to two others, half to each; it is then empty-handed, and only its memory is left to be given back.</summary>
    public void Split(OutgoingBatch first, OutgoingBatch second)
    {
        var half = Count / 2;
        Builder.CopyRecords(0, half, first.Builder);
        Builder.CopyRecords(half, Count - half, second.Builder);
        second.Reserved = Reserved / 2;
        first.Reserved = Reserved - second.Reserved;
        Reserved = 0;
        while (TakeWaiter() is { } waiter)
        {
            var part = waiter.Index < half ? first : second;
            if (part == second) waiter.Index -= half;
            waiter.Next = part._lastWaiter;
            part._lastWaiter = waiter;
        }

        foreach (var ticket in _tickets)
        {
            first.Give(ticket);
            second.Give(ticket);
        }

        Punch();
    }

    private void End(TopicPartition where, long baseOffset, KafkaException? error)
    {
        AckSource? first = null;
        // The last is on top, and the first is to be told first.
        while (TakeWaiter() is { } waiter) (waiter.Next, first) = (first, waiter);
        if (first is not null) new AckRelease(first, where, baseOffset, error).Start();
        Punch();
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
        foreach (var ticket in _tickets) ticket.Punch();
        _tickets.Clear();
    }
}
