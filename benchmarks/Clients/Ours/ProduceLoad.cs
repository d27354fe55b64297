using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Producing;

namespace Moldau.Bench.Clients.Ours;

internal sealed class ProduceLoad(ClientTask task, KafkaClient client, Producer producer) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public async Task<long> RunAsync(Deadline deadline)
    {
        var (topic, isKeyed) = (task.Topic, task.IsKeyed);
        var done = 0L;
        while (done % Deadline.Stride != 0 || !deadline.IsOver)
        {
            await producer.EnqueueAsync(topic, isKeyed ? new OutgoingRecord { Key = _samples.Key(done), Value = _samples.Value(done) } : new OutgoingRecord { Value = _samples.Value(done) });
            done++;
        }

        var summary = await producer.FlushAsync();
        return summary.Lost.Count == 0 ? done : throw summary.Lost[0].Error;
    }

    public async ValueTask DisposeAsync()
    {
        await producer.DisposeAsync();
        await client.DisposeAsync();
    }
}
