using Dekaf.Producer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

/// <summary>The records of a transaction are handed over together: one awaited after the other would take a round trip each.</summary>
internal sealed class TransactionLoad(ClientTask task, IKafkaProducer<byte[], byte[]> producer) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        for (; !deadline.IsOver; done++)
        {
            await using var transaction = producer.BeginTransaction();
            for (var i = 0; i < ClientTask.TransactionRecords; i++) await producer.FireAsync(task.Topic, null, _samples.Value(i));
            await transaction.CommitAsync();
        }

        return done;
    }

    public ValueTask DisposeAsync() => producer.DisposeAsync();
}
