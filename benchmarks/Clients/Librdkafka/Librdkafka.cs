using System.Reflection;
using System.Runtime.InteropServices;

namespace Moldau.Bench.Clients.Librdkafka;

/// <summary>The functions of librdkafka that the rows need, as its rdkafka.h declares them.</summary>
internal static unsafe partial class Librdkafka
{
    public const int Producer = 0;
    public const int Consumer = 1;
    public const int AnyPartition = -1;
    public const int CopyPayload = 2;
    public const int DeliveryReports = 1;
    public const int QueueFull = -184;
    public const int EndOfPartition = -191;

    private const string Name = "rdkafka";
    private const string SharedName = "librdkafka.so.1";

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    /// <summary>What MOLDAU_LIBRDKAFKA names, or what the system has.</summary>
    public static string Path => Environment.GetEnvironmentVariable("MOLDAU_LIBRDKAFKA") is { Length: > 0 } named ? named : SharedName;

    public static string Version => Marshal.PtrToStringUTF8(rd_kafka_version_str())!;

    public static bool IsThere()
    {
        if (!NativeLibrary.TryLoad(Path, out var library)) return false;
        NativeLibrary.Free(library);
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == Name ? NativeLibrary.Load(Path) : 0;

    [LibraryImport(Name)]
    private static partial nint rd_kafka_version_str();

    [LibraryImport(Name)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint configuration, string name, string value, byte* error, nuint errorRoom);

    [LibraryImport(Name)]
    public static partial void rd_kafka_conf_set_events(nint configuration, int events);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_new(int type, nint configuration, byte* error, nuint errorRoom);

    [LibraryImport(Name)]
    public static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(nint client, string topic, nint configuration);

    [LibraryImport(Name)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    [LibraryImport(Name)]
    public static partial int rd_kafka_produce_batch(nint topic, int partition, int flags, LibrdkafkaMessage* messages, int count);

    [LibraryImport(Name)]
    public static partial int rd_kafka_flush(nint client, int milliseconds);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_queue_get_main(nint client);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_queue_get_consumer(nint client);

    [LibraryImport(Name)]
    public static partial void rd_kafka_queue_destroy(nint queue);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_queue_poll(nint queue, int milliseconds);

    [LibraryImport(Name)]
    public static partial int rd_kafka_event_type(nint happened);

    [LibraryImport(Name)]
    public static partial LibrdkafkaMessage* rd_kafka_event_message_next(nint happened);

    [LibraryImport(Name)]
    public static partial void rd_kafka_event_destroy(nint happened);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_init_transactions(nint client, int milliseconds);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_begin_transaction(nint client);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_commit_transaction(nint client, int milliseconds);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_error_string(nint error);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_err2str(int error);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_topic_partition_list_new(int room);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_partition_list_add(nint list, string topic, int partition);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_topic_partition_list_set_offset(nint list, string topic, int partition, long offset);

    [LibraryImport(Name)]
    public static partial void rd_kafka_topic_partition_list_destroy(nint list);

    [LibraryImport(Name)]
    public static partial int rd_kafka_poll_set_consumer(nint client);

    [LibraryImport(Name)]
    public static partial int rd_kafka_assign(nint client, nint partitions);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_consume_batch_queue(nint queue, int milliseconds, LibrdkafkaMessage** messages, nuint room);

    [LibraryImport(Name)]
    public static partial void rd_kafka_message_destroy(LibrdkafkaMessage* message);
}
