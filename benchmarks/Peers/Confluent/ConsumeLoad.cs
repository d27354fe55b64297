using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Confluent;

/// <summary>It reads record by record and in no other way; a handler is called by the loop.</summary>
internal sealed class ConsumeLoad(IConsumer<Ignore, byte[]> consumer, Func<ConsumeResult<Ignore, byte[]>, CancellationToken, ValueTask>? handler) : IClientLoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _bytes;

    public async Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (done % Deadline.Stride != 0 || !deadline.IsOver)
        {
            var record = consumer.Consume(Patience) ?? throw new TimeoutException($"no record within {Patience}");
            _bytes += record.Message.Value.Length;
            if (handler is not null)
            {
                await handler(record, CancellationToken.None);
                consumer.StoreOffset(record);
            }

            done++;
        }

        return done;
    }

    public ValueTask DisposeAsync()
    {
        consumer.Dispose();
        return ValueTask.CompletedTask;
    }
}
