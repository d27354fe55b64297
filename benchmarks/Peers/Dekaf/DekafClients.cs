using Dekaf;
using Dekaf.Compression.Lz4;
using Dekaf.Compression.Zstd;
using Dekaf.Consumer;
using Dekaf.Producer;
using Dekaf.Protocol.Messages;
using Dekaf.Serialization;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Peers.Dekaf;

/// <summary>Clients with the settings that its documentation gives for throughput, as far as a row does not say otherwise.</summary>
internal static class DekafClients
{
    public static async Task<IKafkaProducer<byte[], byte[]>> ProducerAsync(ClientTask task)
    {
        var builder = Kafka.CreateProducer<byte[], byte[]>()
            .WithBootstrapServers(task.Bootstrap)
            .WithKeySerializer(Serializers.ByteArray)
            .WithValueSerializer(Serializers.ByteArray)
            .WithIdempotence(true)
            .WithAcks(Acks.All)
            .WithLinger(TimeSpan.FromMilliseconds(task.LingerMilliseconds))
            .WithBatchSize(task.BatchBytes);
        builder = task.Codec switch
        {
            "lz4" => builder.UseLz4Compression(),
            "zstd" => builder.UseZstdCompression().WithCompressionLevel(ClientTask.ZstdLevel),
            _ => builder,
        };
        if (task.Work == ClientWork.Transactions) builder = builder.WithTransactionalId("bench-dekaf");
        var producer = await builder.BuildAsync();
        if (task.Work == ClientWork.Transactions) await producer.InitTransactionsAsync();
        return producer;
    }

    public static async Task<IKafkaConsumer<ReadOnlyMemory<byte>, byte[]>> ConsumerAsync(ClientTask task)
    {
        var consumer = await Kafka.CreateConsumer<ReadOnlyMemory<byte>, byte[]>()
            .WithBootstrapServers(task.Bootstrap)
            .WithKeyDeserializer(Serializers.RawBytes)
            .WithValueDeserializer(Serializers.ByteArray)
            .WithAutoOffsetReset(AutoOffsetReset.Earliest)
            .WithOffsetCommitMode(OffsetCommitMode.Manual)
            .ForHighThroughput()
            .BuildAsync();
        var partitions = Enumerable.Range(0, ClientTask.Partitions).Select(partition => new TopicPartition(task.Topic, partition)).ToArray();
        consumer.Partitions.Assign(partitions);
        foreach (var partition in partitions) consumer.Positions.Seek(new TopicPartitionOffset(partition.Topic, partition.Partition, 0));
        return consumer;
    }
}
