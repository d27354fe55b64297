using System.Runtime.InteropServices;
using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients.Librdkafka;

/// <summary>Takes many records with one call, looks at each, and gives each back.</summary>
internal sealed unsafe class LibrdkafkaConsumeLoad : IClientLoad
{
    private const int MostTogether = 1000;
    private const int Wait = 100;

    private readonly LibrdkafkaClient _client;
    private readonly nint _queue;
    private readonly LibrdkafkaMessage** _messages = (LibrdkafkaMessage**)NativeMemory.AllocZeroed(MostTogether, (nuint)sizeof(LibrdkafkaMessage*));
    private long _bytes;

    public LibrdkafkaConsumeLoad(ClientTask task)
    {
        _client = LibrdkafkaClient.Consumer(task);
        _queue = Librdkafka.rd_kafka_queue_get_consumer(_client.Handle);
    }

    public Task<long> RunAsync(Deadline deadline)
    {
        var done = 0L;
        while (!deadline.IsOver)
        {
            var count = (int)Librdkafka.rd_kafka_consume_batch_queue(_queue, Wait, _messages, MostTogether);
            for (var i = 0; i < count; i++)
            {
                LibrdkafkaClient.Check(_messages[i]->Error);
                _bytes += (long)_messages[i]->Length;
                Librdkafka.rd_kafka_message_destroy(_messages[i]);
            }

            done += count;
        }

        return Task.FromResult(done);
    }

    public ValueTask DisposeAsync()
    {
        Librdkafka.rd_kafka_queue_destroy(_queue);
        _client.Dispose();
        NativeMemory.Free(_messages);
        return ValueTask.CompletedTask;
    }
}
