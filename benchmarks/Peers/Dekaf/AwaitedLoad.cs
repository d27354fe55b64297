using Dekaf.Producer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

internal sealed class AwaitedLoad(ClientTask task, IKafkaProducer<byte[], byte[]> producer, int together) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public Task<long> RunAsync(Deadline deadline) => AwaitedSends.RunAsync(together, deadline, SendAsync);

    public ValueTask DisposeAsync() => producer.DisposeAsync();

    private async Task<long> SendAsync(SharedEnd end)
    {
        var (topic, done) = (task.Topic, 0L);
        for (; !end.IsOver; done++) await producer.ProduceAsync(topic, null, _samples.Value(done));
        return done;
    }
}
