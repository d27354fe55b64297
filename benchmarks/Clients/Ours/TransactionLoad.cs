using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Producing;

namespace Moldau.Bench.Clients.Ours;

internal sealed class TransactionLoad(ClientTask task, KafkaClient client, Producer producer) : IClientLoad
{
    private readonly Samples _samples = new(task);

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        for (; !deadline.IsOver; done++)
        {
            await using var transaction = await producer.BeginAsync();
            for (var i = 0; i < ClientTask.TransactionRecords; i++) await producer.EnqueueAsync(task.Topic, new OutgoingRecord { Value = _samples.Value(i) });
            await transaction.CommitAsync();
        }

        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await producer.DisposeAsync();
        await client.DisposeAsync();
    }
}
