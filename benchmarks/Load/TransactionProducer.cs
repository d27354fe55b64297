using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>One transaction after the other: a record to each partition, and the commit behind their answer.</summary>
internal sealed class TransactionProducer(string id, string topic, int partitions, byte[] value) : IDisposable
{
    private const short ConcurrentTransactions = 51;
    private const short NotEnoughReplicas = 19;

    private readonly RecordBatchBuilder _builder = new();
    private long _producer;
    private short _epoch;
    private bool _isEnding;
    private byte[] _asked = [];

    public void Start(int port)
    {
        Coordinator.Await(port, id, Coordinator.OfTransactions);
        using var connection = new LoadConnection(port);
        while (true)
        {
            connection.Send(TransactionRequests.Start(id));
            var reply = new WireReader(connection.Receive());
            reply.Int32();
            var error = reply.Int16();
            (_producer, _epoch) = (reply.Int64(), reply.Int16());
            if (error == 0) break;
            if (error != ConcurrentTransactions && !Coordinator.IsComing(error)) throw new InvalidOperationException($"a producer's start was answered with error {error}");
            Thread.Sleep(10);
        }
    }

    public byte[] Begin()
    {
        _isEnding = false;
        return _asked = TransactionRequests.Produce(id, topic, partitions, TransactionRequests.Batch(_builder, value, _producer, _epoch).Span);
    }

    /// <returns>What to ask next; null where a transaction has ended.</returns>
    public byte[]? Taken(ReadOnlySpan<byte> bytes)
    {
        var reply = new WireReader(bytes);
        reply.SkipTags();
        if (_isEnding) return Ended(ref reply);
        for (var topics = reply.Varint() - 1; topics > 0; topics--)
        {
            reply.SkipCompactText();
            for (var count = reply.Varint() - 1; count > 0; count--)
            {
                var error = Partition(ref reply);
                // The coordinator is not done with the last one: the same once more, at once. What was taken is known by its sequence.
                if (IsToRepeat(error)) return _asked;
                if (error != 0) throw new InvalidOperationException($"a batch was answered with error {error}");
            }

            reply.SkipTags();
        }

        _isEnding = true;
        return _asked = TransactionRequests.Commit(id, _producer, _epoch);
    }

    public void Dispose() => _builder.Dispose();

    private byte[]? Ended(ref WireReader reply)
    {
        reply.Int32();
        var error = reply.Int16();
        if (IsToRepeat(error)) return _asked;
        if (error != 0) throw new InvalidOperationException($"a commit was answered with error {error}");
        (_producer, _epoch) = (reply.Int64(), reply.Int16());
        return null;
    }

    private static short Partition(ref WireReader reply)
    {
        reply.Int32();
        var error = reply.Int16();
        _ = reply.Take(3 * sizeof(long));
        for (var errors = reply.Varint() - 1; errors > 0; errors--)
        {
            reply.Int32();
            reply.SkipCompactText();
            reply.SkipTags();
        }

        reply.SkipCompactText();
        reply.SkipTags();
        return error;
    }

    private static bool IsToRepeat(short error) => error is ConcurrentTransactions or NotEnoughReplicas || Coordinator.IsComing(error);
}
