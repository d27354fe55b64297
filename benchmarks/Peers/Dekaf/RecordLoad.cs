using Dekaf.Consumer;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

internal sealed class RecordLoad(IKafkaConsumer<ReadOnlyMemory<byte>, byte[]> consumer) : IClientLoad
{
    private readonly IAsyncEnumerator<ConsumeResult<ReadOnlyMemory<byte>, byte[]>> _records = consumer.ConsumeAsync().GetAsyncEnumerator();
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
    }
}
