using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Serdes;

namespace Moldau.Bench.Clients.Ours;

internal sealed class RecordLoad(KafkaClient client, Consumer<None?, byte[]> consumer) : IClientLoad
{
    private readonly IAsyncEnumerator<Record<None?, byte[]>> _records = consumer.ReadAllAsync().GetAsyncEnumerator();
    private long _bytes;

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while ((done % Deadline.Stride != 0 || !deadline.IsOver) && await _records.MoveNextAsync())
        {
            _bytes += _records.Current.Value!.Length;
            done++;
        }

        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        await consumer.DisposeAsync();
        await client.DisposeAsync();
    }
}
