using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Confluent;

internal sealed class TransactionLoad(ClientTask task, IProducer<byte[]?, byte[]> producer) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        for (; !deadline.IsOver; done++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < ClientTask.TransactionRecords; i++) producer.Produce(task.Topic, new Message<byte[]?, byte[]> { Value = _samples.Value(i) });
            producer.CommitTransaction();
        }

        return Task.FromResult(done);
    }

    public ValueTask DisposeAsync()
    {
        producer.Dispose();
        return ValueTask.CompletedTask;
    }
}
