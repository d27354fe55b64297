using Dekaf.Consumer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

internal sealed class RawBatchLoad(IKafkaConsumer<ReadOnlyMemory<byte>, byte[]> consumer) : IClientLoad
{
    private readonly IAsyncEnumerator<ConsumeRawBatch> _batches = consumer.ConsumeRawBatchAsync().GetAsyncEnumerator();
    private long _bytes;

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (!deadline.IsOver && await _batches.MoveNextAsync())
        {
            foreach (var record in _batches.Current)
            {
                _bytes += record.Value.Length;
                done++;
            }
        }

        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await _batches.DisposeAsync();
        await consumer.DisposeAsync();
    }
}
