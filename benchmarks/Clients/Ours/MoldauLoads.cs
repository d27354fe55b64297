using Moldau.Bench.Clients.Worker;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Protocol.Compression;

namespace Moldau.Bench.Clients.Ours;

/// <summary>Our own client on each kind of work.</summary>
internal static class MoldauLoads
{
    public static IClientLoad Of(ClientTask task)
    {
        var client = new KafkaClient(new KafkaClientOptions { Bootstrap = task.Bootstrap });
        return task.Work switch
        {
            ClientWork.Produce => new ProduceLoad(task, client, Producer(task, client)),
            ClientWork.Awaited => new AwaitedLoad(task, client, Producer(task, client), ClientTask.Together),
            ClientWork.RoundTrip => new AwaitedLoad(task, client, Producer(task, client), together: 1),
            ClientWork.Transactions => new TransactionLoad(task, client, Producer(task, client)),
            ClientWork.Consume => new RecordLoad(client, Consumer(task, client)),
            ClientWork.ConsumeBatches => new BatchLoad(client, Consumer(task, client)),
            _ => Handled(client, Consumer(task, client)),
        };
    }

    public static CompressionType Codec(string name) => Enum.Parse<CompressionType>(name, ignoreCase: true);

    public static int? Level(string codec) => codec == "zstd" ? ClientTask.ZstdLevel : null;

    private static Producer Producer(ClientTask task, KafkaClient client) => client.CreateProducer(new ProducerOptions
    {
        Linger = TimeSpan.FromMilliseconds(task.LingerMilliseconds),
        BatchBytes = task.BatchBytes,
        MaxRequestBytes = task.MostRequestBytes,
        Compression = Codec(task.Codec),
        CompressionLevel = Level(task.Codec),
        TransactionalId = task.Work == ClientWork.Transactions ? "bench-moldau" : null,
    });

    private static Consumer<None?, byte[]> Consumer(ClientTask task, KafkaClient client) => client.CreateConsumer<None?, byte[]>(new ConsumerOptions { Topics = [task.Topic] }, new UnreadKey());

    private static HandledLoad Handled(KafkaClient client, Consumer<None?, byte[]> consumer) => new(
        (handled, cancellation) => consumer.RunAsync(
            (_, _) =>
            {
                handled.Add();
                return ValueTask.CompletedTask;
            },
            new HandlerOptions(),
            cancellation),
        async () =>
        {
            await consumer.DisposeAsync();
            await client.DisposeAsync();
        });
}
