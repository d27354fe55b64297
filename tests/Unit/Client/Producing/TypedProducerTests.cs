using System.Buffers;
using System.Text;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Client.Producing;

public class TypedProducerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Values_are_written_by_their_serdes_and_null_is_no_value()
    {
        var records = new List<(string? Key, string? Value, int Headers)>();
        var broker = Watched(records);
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer<int, string>("t", new ProducerOptions<int, string> { KeySerde = new Shouting<int>() });

        await producer.SendAsync(7, "seven", Token);
        await producer.EnqueueAsync(8, null, Token);
        await producer.SendAsync(new OutgoingMessage<int, string> { Key = 9, Value = "", Headers = [new RecordHeader("h", [1])] }, Token);

        Assert.Equal([("7!", "seven", 0), ("8!", null, 0), ("9!", "", 1)], records);
        Assert.Equal(3, (await producer.FlushAsync(Token)).Delivered);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_serde_that_must_learn_something_first_is_awaited_once()
    {
        var records = new List<(string? Key, string? Value, int Headers)>();
        var broker = Watched(records);
        var serde = new Learning();
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer<string, string>("t", new ProducerOptions<string, string> { ValueSerde = serde });

        for (var i = 0; i < 3; i++) await producer.SendAsync("k", "v", Token);

        Assert.Equal(1, serde.Learned);
        Assert.All(records, static record => Assert.Equal("v!", record.Value));
    }

    [Fact(Timeout = 60_000)]
    public async Task Middleware_stands_around_each_send_the_first_outermost()
    {
        var records = new List<(string? Key, string? Value, int Headers)>();
        var broker = Watched(records);
        var told = new List<string>();
        SendMiddleware Named(string name) => async (context, next) =>
        {
            told.Add($"{name} {context.Key}");
            context.Headers.Add(new RecordHeader(name, [1]));
            context.Value = $"{context.Value}{name}";
            var ack = await next(context);
            told.Add($"{name} {ack.Offset}");
            return ack;
        };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer<string, string>("t", new ProducerOptions<string, string>
        {
            Middleware = [Named("a"), Named("b"), static (context, next) => (string?)context.Key == "bad" ? throw new KafkaException(ErrorCode.PolicyViolation, "no") : next(context)],
        });

        await producer.SendAsync("k", "v", Token);
        await producer.EnqueueAsync("l", "w", Token);
        await producer.FlushAsync(Token);

        Assert.Equal([("k", "vab", 2), ("l", "wab", 2)], records);
        Assert.Equal(["a k", "b k", "b 0", "a 0"], told[..4]);
        Assert.Equal(ErrorCode.PolicyViolation, (await Assert.ThrowsAsync<KafkaException>(() => producer.EnqueueAsync("bad", "x", Token).AsTask())).Code);
    }

    [Fact]
    public async Task A_type_without_a_serde_is_refused_at_once()
    {
        await using var client = new KafkaClient(new LogBroker().Options());
        Assert.Contains("serde", Assert.Throws<ArgumentException>(() => client.CreateProducer<string, Version>("t")).Message, StringComparison.Ordinal);
    }

    private static LogBroker Watched(List<(string? Key, string? Value, int Headers)> records)
    {
        var broker = new LogBroker();
        broker.Refuses = (_, batch) =>
        {
            using var scratch = new PooledBuffer();
            var reader = batch.GetRecords(scratch);
            while (reader.MoveNext()) records.Add((Text(reader.Key), Text(reader.Value), reader.HeaderCount));
            return ErrorCode.None;
        };
        return broker;
    }

    private static string? Text(OptionalBytes bytes) => bytes.IsNull ? null : Encoding.UTF8.GetString(bytes.Span);

    private sealed class Shouting<T> : ISerde<T>
    {
        public void Write(T value, IBufferWriter<byte> output, in SerdeContext context) => Encoding.UTF8.GetBytes($"{value}!", output);

        public T Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => throw new NotSupportedException();
    }

    private sealed class Learning : IPreparedSerde<string>
    {
        public int Learned { get; private set; }

        public bool IsReadyToRead(in ReadOnlySequence<byte> bytes, in SerdeContext context) => true;

        public ValueTask PrepareToReadAsync(ReadOnlySequence<byte> bytes, SerdeContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public bool IsReadyToWrite(in SerdeContext context) => Learned > 0;

        public async ValueTask PrepareToWriteAsync(SerdeContext context, CancellationToken cancellation)
        {
            await Task.Yield();
            Learned++;
        }

        public void Write(string value, IBufferWriter<byte> output, in SerdeContext context) => Encoding.UTF8.GetBytes($"{value}!", output);

        public string Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => throw new NotSupportedException();
    }
}
