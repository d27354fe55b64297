using System.Diagnostics;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Producing;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Testing;
using Moldau.Unit.Client.Connections;
using Moldau.Unit.Client.Groups;
using Xunit;

namespace Moldau.Unit.Client.Telemetry;

/// <summary>The spans of producers and consumers, and the context that goes between them.</summary>
public class SpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task One_trace_goes_from_who_sends_through_the_record_to_its_handler_and_on()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await ClientAsync(broker, "one-trace");
        using var spans = new SpanRecorder("one-trace");
        using var request = new Activity("request").Start();
        await using (var producer = client.CreateProducer<string, string>("t"))
        {
            await producer.SendAsync("k", "v", Token);
            Assert.Same(request, Activity.Current);
        }

        request.Stop();
        Activity? inHandler = null;
        await using (var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { GroupId = "g", Topics = ["t"], StopAtEnd = true }))
        {
            await consumer.RunAsync(
                (_, _) =>
                {
                    inHandler = Activity.Current;
                    return default;
                },
                cancellation: Token);
        }

        var send = Assert.Single(spans.Ended("send"));
        Assert.Equal(("send t", ActivityKind.Producer, request.SpanId), (send.DisplayName, send.Kind, send.ParentSpanId));
        var port = broker.Address.Port;
        Assert.Equal(
            [
                ("messaging.client.id", "one-trace"), ("messaging.destination.name", "t"), ("messaging.destination.partition.id", "0"), ("messaging.kafka.message.key", "k"),
                ("messaging.kafka.offset", 0L), ("messaging.operation.name", "send"), ("messaging.operation.type", "send"), ("messaging.system", "kafka"),
                ("server.address", "127.0.0.1"), ("server.port", port),
            ],
            TagsOf(send));
        var process = Assert.Single(spans.Ended("process"));
        Assert.Same(process, inHandler);
        Assert.Equal(("process t", ActivityKind.Consumer, request.TraceId, send.SpanId), (process.DisplayName, process.Kind, process.TraceId, process.ParentSpanId));
        Assert.Equal(send.SpanId, Assert.Single(process.Links).Context.SpanId);
        Assert.Equal(
            [
                ("messaging.client.id", "one-trace"), ("messaging.consumer.group.name", "g"), ("messaging.destination.name", "t"), ("messaging.destination.partition.id", "0"),
                ("messaging.kafka.message.key", "k"), ("messaging.kafka.offset", 0L), ("messaging.operation.name", "process"), ("messaging.operation.type", "process"),
                ("messaging.system", "kafka"), ("server.address", "127.0.0.1"), ("server.port", port),
            ],
            TagsOf(process));
        var commit = spans.Ended("commit")[0];
        Assert.Equal(("commit t", ActivityKind.Client, "settle", "g"), (commit.DisplayName, commit.Kind, commit.GetTagItem("messaging.operation.type"), commit.GetTagItem("messaging.consumer.group.name")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_handler_within_another_span_is_its_child_and_linked_to_the_producer()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await ClientAsync(broker, "ambient");
        using var spans = new SpanRecorder("ambient");
        await using (var producer = client.CreateProducer<string, string>("t")) await producer.SendAsync("k", "v", Token);
        using var job = new Activity("job").Start();
        await using (var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }))
            await consumer.RunAsync(static (_, _) => default, cancellation: Token);

        var process = Assert.Single(spans.Ended("process"));
        Assert.Equal(job.SpanId, process.ParentSpanId);
        Assert.Equal(spans.Ended("send")[0].SpanId, Assert.Single(process.Links).Context.SpanId);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_batch_is_linked_to_those_who_sent_its_records_up_to_a_number()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await ClientAsync(broker, "links");
        using var spans = new SpanRecorder("links");
        await using (var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromSeconds(10) }))
        {
            for (var i = 0; i < 200; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = new[] { (byte)i } }, Token);
            await producer.FlushAsync(Token);
        }

        await using (var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }))
        {
            await foreach (var batch in consumer.ReadBatchesAsync(Token)) Assert.Equal(200, batch.Count);
        }

        Assert.Equal(200, spans.Ended("send").Count);
        var poll = Assert.Single(spans.Ended("poll"));
        Assert.Equal(("poll t", ActivityKind.Client, 200), (poll.DisplayName, poll.Kind, poll.GetTagItem("messaging.batch.message_count")));
        Assert.Equal(spans.Ended("send").OrderBy(static span => (long)span.GetTagItem("messaging.kafka.offset")!).Take(128).Select(static span => span.SpanId), poll.Links.Select(static link => link.Context.SpanId));
        Assert.Null(Activity.Current);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_context_that_the_caller_gave_stays_and_is_linked_to()
    {
        const string Given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await ClientAsync(broker, "given");
        using var spans = new SpanRecorder("given");
        await using (var producer = client.CreateProducer())
            await producer.SendAsync("t", new OutgoingRecord { Headers = [new RecordHeader("traceparent", Encoding.ASCII.GetBytes(Given)), new RecordHeader("tracestate", "a=b"u8.ToArray())] }, Token);

        await using var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });
        var read = 0;
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            Assert.Equal(2, record.Headers.Count);
            Assert.True(record.Headers.TryGetTraceContext(out var context));
            Assert.Equal(("b7ad6b7169203331", "a=b", true), (context.SpanId.ToHexString(), context.TraceState, context.IsRemote));
            read++;
        }

        Assert.Equal(1, read);
        var send = Assert.Single(spans.Ended("send"));
        Assert.Equal("b7ad6b7169203331", Assert.Single(send.Links).Context.SpanId.ToHexString());
        Assert.Equal(true, send.GetTagItem("messaging.kafka.message.tombstone"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_fails_ends_its_span_with_the_error()
    {
        await using var broker = await GroupMembershipTests.StartAsync(("auto.create.topics.enable", "false"));
        await using var client = await ClientAsync(broker, "fails", static options => options with { MissingTopicTimeout = TimeSpan.FromMilliseconds(50) });
        using var spans = new SpanRecorder("fails");
        await using (var producer = client.CreateProducer())
        {
            await Assert.ThrowsAsync<KafkaException>(async () => await producer.SendAsync("missing", new OutgoingRecord { Value = new byte[] { 1 } }, Token));
            await producer.SendAsync("t", new OutgoingRecord { Value = new byte[] { 1 } }, Token);
        }

        await using (var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true }))
        {
            var attempts = 0;
            await consumer.RunAsync(
                (_, _) => ++attempts == 1 ? throw new InvalidOperationException("no") : default,
                new HandlerOptions { OnError = Failure.Retry(1, TimeSpan.FromMilliseconds(1)).Then.Skip }, Token);
        }

        var lost = spans.Ended("send").Single(static span => span.DisplayName == "send missing");
        Assert.Equal((ActivityStatusCode.Error, "UNKNOWN_TOPIC_OR_PARTITION"), (lost.Status, lost.GetTagItem("error.type")));
        Assert.Equal(["System.InvalidOperationException", null], spans.Ended("process").Select(static span => (string?)span.GetTagItem("error.type")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_a_listener_a_record_carries_nothing_and_nothing_is_allocated_for_it()
    {
        await using var broker = await GroupMembershipTests.StartAsync();
        await using var client = await ClientAsync(broker, "nobody");
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromMinutes(1), BatchBytes = 1 << 20, BufferBytes = 64 << 20 });
        var record = new OutgoingRecord { Value = new byte[8] };
        for (var i = 0; i < 1000; i++) await producer.EnqueueAsync("t", record, Token);
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                Assert.True(IsDone(producer.EnqueueAsync("t", record, Token)), "there is room, and the topic is known");
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        await producer.FlushAsync(Token);
        await using var consumer = client.CreateConsumer<byte[], byte[]>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });
        await foreach (var read in consumer.ReadAllAsync(Token)) Assert.Equal(0, read.Headers.Count);
    }

    private static async Task<KafkaClient> ClientAsync(EmbeddedBroker broker, string id, Func<KafkaClientOptions, KafkaClientOptions>? settings = null)
    {
        var options = new KafkaClientOptions { Bootstrap = broker.BootstrapServers, ClientId = id };
        var client = new KafkaClient(settings?.Invoke(options) ?? options);
        foreach (var outcome in await client.Topics.CreateAsync([new NewTopic("t")], cancellation: Token)) outcome.Get();
        return client;
    }

    private static bool IsDone(ValueTask task) => task.IsCompletedSuccessfully;

    private static IEnumerable<(string, object?)> TagsOf(Activity span) => span.TagObjects.Select(static tag => (tag.Key, tag.Value)).OrderBy(static tag => tag.Key, StringComparer.Ordinal);
}
