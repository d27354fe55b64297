using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Confluent;

internal sealed class AwaitedLoad(ClientTask task, IProducer<byte[]?, byte[]> producer, int together) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public Task<long> RunAsync(Deadline deadline) => AwaitedSends.RunAsync(together, deadline, SendAsync);

    public ValueTask DisposeAsync()
    {
        producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<long> SendAsync(SharedEnd end)
    {
        var done = 0L;
        for (; !end.IsOver; done++) await producer.ProduceAsync(task.Topic, new Message<byte[]?, byte[]> { Value = _samples.Value(done) });
        return done;
    }
}
