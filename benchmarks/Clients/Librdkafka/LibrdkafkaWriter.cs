using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients.Librdkafka;

/// <summary>Hands records to librdkafka, many with one call, and takes its reports, many with one event. It copies what it is given, as all do here.</summary>
internal sealed unsafe class LibrdkafkaWriter : IDisposable
{
    public const int MostTogether = 1000;
    private const int FullPause = 1;

    private readonly LibrdkafkaClient _client;
    private readonly ClientTask _task;
    private readonly Samples _samples;
    private readonly nint _topic;
    private readonly nint _reports;
    private readonly LibrdkafkaMessage* _messages = (LibrdkafkaMessage*)NativeMemory.AllocZeroed(MostTogether, (nuint)sizeof(LibrdkafkaMessage));
    private long _next;

    public LibrdkafkaWriter(ClientTask task)
    {
        (_task, _samples, _client) = (task, new Samples(task), LibrdkafkaClient.Producer(task));
        _topic = Librdkafka.rd_kafka_topic_new(_client.Handle, task.Topic, 0);
        _reports = Librdkafka.rd_kafka_queue_get_main(_client.Handle);
    }

    public nint Client => _client.Handle;

    /// <summary>Waits while there is no room.</summary>
    public void Write(int count)
    {
        for (var i = 0; i < count; i++) Fill(ref _messages[i], _next++);
        while (true)
        {
            var taken = Librdkafka.rd_kafka_produce_batch(_topic, Librdkafka.AnyPartition, Librdkafka.CopyPayload, _messages, count);
            if (taken == count) return;
            count = KeepRefused(count);
            TakeReports(FullPause);
        }
    }

    /// <returns>How many records are told to be confirmed; what was lost is thrown.</returns>
    public int TakeReports(int milliseconds)
    {
        var happened = Librdkafka.rd_kafka_queue_poll(_reports, milliseconds);
        if (happened == 0) return 0;
        var confirmed = 0;
        if (Librdkafka.rd_kafka_event_type(happened) == Librdkafka.DeliveryReports)
        {
            for (LibrdkafkaMessage* message; (message = Librdkafka.rd_kafka_event_message_next(happened)) != null; confirmed++) LibrdkafkaClient.Check(message->Error);
        }

        Librdkafka.rd_kafka_event_destroy(happened);
        return confirmed;
    }

    public void Flush()
    {
        while (Librdkafka.rd_kafka_flush(Client, 100) != 0) TakeReports(0);
        TakeReports(0);
    }

    public void Dispose()
    {
        Librdkafka.rd_kafka_queue_destroy(_reports);
        Librdkafka.rd_kafka_topic_destroy(_topic);
        _client.Dispose();
        NativeMemory.Free(_messages);
    }

    private void Fill(ref LibrdkafkaMessage message, long index)
    {
        var value = _samples.Value(index);
        message.Payload = Place(value);
        message.Length = (nuint)value.Length;
        if (!_task.IsKeyed) return;
        var key = _samples.Key(index);
        message.Key = Place(key);
        message.KeyLength = (nuint)key.Length;
    }

    // The samples are pinned.
    private static byte* Place(byte[] bytes) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes));

    private int KeepRefused(int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_messages[i].Error == 0) continue;
            if (_messages[i].Error != Librdkafka.QueueFull) LibrdkafkaClient.Check(_messages[i].Error);
            _messages[kept] = _messages[i];
            _messages[kept++].Error = 0;
        }

        return kept;
    }
}
