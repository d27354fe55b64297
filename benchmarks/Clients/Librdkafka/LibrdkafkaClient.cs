using System.Globalization;
using System.Runtime.InteropServices;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients.Librdkafka;

/// <summary>A producer or a consumer of librdkafka, with the settings that its documentation gives for throughput, as far as a row does not say otherwise.</summary>
internal sealed unsafe class LibrdkafkaClient : IDisposable
{
    private const int ErrorRoom = 512;
    private const int Patience = 30_000;

    private LibrdkafkaClient(nint client) => Handle = client;

    public nint Handle { get; }

    public static LibrdkafkaClient Producer(ClientTask task)
    {
        var isTransactional = task.Work == ClientWork.Transactions;
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = task.Bootstrap,
            ["enable.idempotence"] = "true",
            ["acks"] = "all",
            ["linger.ms"] = Text(task.LingerMilliseconds),
            ["batch.size"] = Text(task.BatchBytes),
            ["batch.num.messages"] = Text(ClientTask.MostQueued),
            ["message.max.bytes"] = Text(task.MostRequestBytes),
            ["queue.buffering.max.messages"] = Text(ClientTask.MostQueued),
            ["compression.codec"] = task.Codec,
            // As our producer's summary: of those that are confirmed only their number.
            ["delivery.report.only.error"] = task.Work is ClientWork.Awaited or ClientWork.RoundTrip ? "false" : "true",
        };
        if (task.Codec == "zstd") settings["compression.level"] = Text(ClientTask.ZstdLevel);
        if (isTransactional) settings["transactional.id"] = "bench-librdkafka";
        var client = new LibrdkafkaClient(Start(Librdkafka.Producer, settings, Librdkafka.DeliveryReports));
        if (isTransactional) Check(Librdkafka.rd_kafka_init_transactions(client.Handle, Patience));
        return client;
    }

    public static LibrdkafkaClient Consumer(ClientTask task)
    {
        var client = new LibrdkafkaClient(Start(Librdkafka.Consumer, new Dictionary<string, string>
        {
            ["bootstrap.servers"] = task.Bootstrap,
            ["group.id"] = "bench-librdkafka",
            ["enable.auto.commit"] = "false",
            ["enable.auto.offset.store"] = "false",
            ["auto.offset.reset"] = "earliest",
            ["queued.min.messages"] = Text(ClientTask.MostQueued),
        }, events: 0));
        Check(Librdkafka.rd_kafka_poll_set_consumer(client.Handle));
        var list = Librdkafka.rd_kafka_topic_partition_list_new(ClientTask.Partitions);
        for (var partition = 0; partition < ClientTask.Partitions; partition++)
        {
            Librdkafka.rd_kafka_topic_partition_list_add(list, task.Topic, partition);
            Check(Librdkafka.rd_kafka_topic_partition_list_set_offset(list, task.Topic, partition, 0));
        }

        Check(Librdkafka.rd_kafka_assign(client.Handle, list));
        Librdkafka.rd_kafka_topic_partition_list_destroy(list);
        return client;
    }

    public static void Check(int error)
    {
        if (error != 0) throw new LibrdkafkaException(Marshal.PtrToStringUTF8(Librdkafka.rd_kafka_err2str(error))!);
    }

    public static void Check(nint error)
    {
        if (error != 0) throw new LibrdkafkaException(Marshal.PtrToStringUTF8(Librdkafka.rd_kafka_error_string(error))!);
    }

    public void Dispose() => Librdkafka.rd_kafka_destroy(Handle);

    private static nint Start(int type, Dictionary<string, string> settings, int events)
    {
        var error = stackalloc byte[ErrorRoom];
        var configuration = Librdkafka.rd_kafka_conf_new();
        foreach (var (name, value) in settings)
        {
            if (Librdkafka.rd_kafka_conf_set(configuration, name, value, error, ErrorRoom) != 0) throw new LibrdkafkaException(Marshal.PtrToStringUTF8((nint)error)!);
        }

        if (events != 0) Librdkafka.rd_kafka_conf_set_events(configuration, events);
        var client = Librdkafka.rd_kafka_new(type, configuration, error, ErrorRoom);
        return client != 0 ? client : throw new LibrdkafkaException(Marshal.PtrToStringUTF8((nint)error)!);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
