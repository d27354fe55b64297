using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Producing;

namespace Moldau.Bench.Clients.Ours;

internal sealed class AwaitedLoad(ClientTask task, KafkaClient client, Producer producer, int together) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public Task<long> RunAsync(Deadline deadline) => AwaitedSends.RunAsync(together, deadline, SendAsync);

    public async ValueTask DisposeAsync()
    {
        await producer.DisposeAsync();
        await client.DisposeAsync();
    }

    private async Task<long> SendAsync(SharedEnd end)
    {
        var done = 0L;
        for (; !end.IsOver; done++) await producer.SendAsync(task.Topic, new OutgoingRecord { Value = _samples.Value(done) });
        return done;
    }
}
