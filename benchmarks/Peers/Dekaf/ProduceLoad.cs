using Dekaf.Producer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

/// <summary>Its way to write without waiting for each record: FireAsync, and a flush at the end.</summary>
internal sealed class ProduceLoad(ClientTask task, IKafkaProducer<byte[], byte[]> producer) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public async Task<long> RunAsync(Deadline deadline)
    {
        var (topic, isKeyed) = (task.Topic, task.IsKeyed);
        var done = 0L;
        while (done % Deadline.Stride != 0 || !deadline.IsOver)
        {
            await producer.FireAsync(topic, isKeyed ? _samples.Key(done) : null, _samples.Value(done));
            done++;
        }

        await producer.FlushAsync();
        return done;
    }

    public ValueTask DisposeAsync() => producer.DisposeAsync();
}
