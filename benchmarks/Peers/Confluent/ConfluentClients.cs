using System.Runtime.InteropServices;
using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Confluent;

/// <summary>Clients with the settings that its documentation gives for throughput, as far as a row does not say otherwise.</summary>
internal static class ConfluentClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The library that MOLDAU_LIBRDKAFKA names, or the one in the package that needs nothing else: the package's first choice wants a
    /// libsasl2 that few systems have, and then takes whatever librdkafka the system has.
    /// </summary>
    public static void LoadLibrary()
    {
        var own = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "centos8-librdkafka.so");
        var path = Environment.GetEnvironmentVariable("MOLDAU_LIBRDKAFKA") is { Length: > 0 } named ? named : File.Exists(own) ? own : null;
        if (path is not null) NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (name, _, _) => name == "librdkafka" ? NativeLibrary.Load(path) : 0);
    }

    public static IProducer<byte[]?, byte[]> Producer(ClientTask task)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = task.Bootstrap,
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = task.LingerMilliseconds,
            BatchSize = task.BatchBytes,
            BatchNumMessages = ClientTask.MostQueued,
            MessageMaxBytes = task.MostRequestBytes,
            QueueBufferingMaxMessages = ClientTask.MostQueued,
            CompressionType = Enum.Parse<CompressionType>(task.Codec, ignoreCase: true),
            CompressionLevel = task.Codec == "zstd" ? ClientTask.ZstdLevel : null,
            // Neither key nor value come back with the report.
            DeliveryReportFields = "none",
            TransactionalId = task.Work == ClientWork.Transactions ? "bench-confluent" : null,
        };
        var producer = new ProducerBuilder<byte[]?, byte[]>(config).Build();
        if (task.Work == ClientWork.Transactions) producer.InitTransactions(Patience);
        return producer;
    }

    public static IConsumer<Ignore, byte[]> Consumer(ClientTask task)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = task.Bootstrap,
            GroupId = "bench-confluent",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            QueuedMinMessages = ClientTask.MostQueued,
            // No headers and no timestamps, which nobody here looks at; an offset that is stored is one of a topic.
            ConsumeResultFields = task.Work == ClientWork.Handle ? "topic" : "none",
        };
        var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, ClientTask.Partitions).Select(partition => new TopicPartitionOffset(task.Topic, partition, 0)));
        return consumer;
    }
}
