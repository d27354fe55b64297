using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Producing;

/// <summary>What bounds a producer: its buffer, its deadlines, the size of requests, and what brokers can.</summary>
public class DeliveryLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Who_finds_no_room_waits_and_those_behind_keep_their_order()
    {
        var broker = new LogBroker();
        var held = new ManualResetEventSlim();
        broker.Faults = _ =>
        {
            held.Wait(Token);
            return null;
        };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { BufferBytes = 500, BatchBytes = 200, Linger = TimeSpan.Zero });

        var sends = new List<Task<RecordAck>>();
        for (var i = 0; i < 100; i++) sends.Add(producer.SendAsync("t", Record(i), Token).AsTask());
        var more = producer.EnqueueAsync("t", Record(100), Token).AsTask();
        Assert.False(more.IsCompleted);
        held.Set();
        await more;
        await Task.WhenAll(sends);
        await producer.FlushAsync(Token);

        Assert.Equal(Enumerable.Range(0, 101).Select(static i => i.ToString(CultureInfo.InvariantCulture)), broker.Log(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_record_that_is_not_confirmed_in_time_is_lost_and_says_why()
    {
        var broker = new LogBroker { Refuses = static (_, _) => ErrorCode.NotEnoughReplicas };
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { DeliveryTimeout = TimeSpan.FromMilliseconds(100), Linger = TimeSpan.Zero });

        var late = await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("t", Record(0), Token).AsTask());

        Assert.Equal((ErrorCode.NotEnoughReplicas, false), (late.Code, late.IsTransient));
        Assert.Contains("not confirmed within 0.1 s", late.Message, StringComparison.Ordinal);
        broker.Refuses = static (_, _) => ErrorCode.None;
        Assert.Equal(0, (await producer.SendAsync("t", Record(1), Token)).Offset);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_on_its_way_when_its_time_was_over_is_not_doubled_by_what_follows()
    {
        var broker = new LogBroker();
        var requests = 0;
        broker.Faults = _ => Interlocked.Increment(ref requests) <= 3 ? LogBroker.Fault.TimeOut : null;
        var options = broker.Options() with { FirstBackOff = TimeSpan.FromSeconds(10), LongestBackOff = TimeSpan.FromSeconds(10) };
        await using var client = new KafkaClient(options);
        await using var producer = client.CreateProducer(new ProducerOptions { DeliveryTimeout = TimeSpan.FromMilliseconds(100), Linger = TimeSpan.Zero });

        await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("t", Record(0), Token).AsTask());
        Volatile.Write(ref requests, 3);
        await producer.SendAsync("t", Record(1), Token);

        Assert.Equal(["0", "1"], broker.Log(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task Disposing_ends_in_time_and_everybody_who_waits_is_told()
    {
        var broker = new LogBroker();
        broker.Scripted.On(ApiKey.Produce, static (_, _, _) => ScriptedReply.Silence);
        await using var client = new KafkaClient(broker.Options() with { CloseTimeout = TimeSpan.FromMilliseconds(100) });
        var producer = client.CreateProducer(new ProducerOptions { BufferBytes = 300, BatchBytes = 100, Linger = TimeSpan.Zero });

        var sends = new List<Task<RecordAck>>();
        for (var i = 0; i < 50; i++) sends.Add(producer.SendAsync("t", Record(i), Token).AsTask());
        await producer.DisposeAsync();

        foreach (var send in sends) Assert.False((await Assert.ThrowsAnyAsync<Exception>(() => send)) is TimeoutException);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => producer.SendAsync("t", Record(0), Token).AsTask());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_record_larger_than_a_request_is_refused_at_once()
    {
        var broker = new LogBroker();
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { MaxRequestBytes = 1000 });

        var refused = await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("t", new OutgoingRecord { Value = new byte[1000] }, Token).AsTask());

        Assert.Equal(ErrorCode.MessageTooLarge, refused.Code);
        Assert.Contains("MaxRequestBytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, broker.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_partitions_share_a_request_up_to_its_size()
    {
        var broker = new LogBroker(8);
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromSeconds(30), MaxRequestBytes = 1000 });

        for (var i = 0; i < 8; i++) await producer.EnqueueAsync("t", new OutgoingRecord { Value = new byte[150], Partition = i }, Token);
        await producer.FlushAsync(Token);

        Assert.InRange(broker.MostBatches, 2, 4);
        Assert.InRange(broker.Requests, 2, 7);
        for (var i = 0; i < 8; i++) Assert.Single(broker.Log(i));
    }

    [Fact(Timeout = 60_000)]
    public async Task Zstd_is_refused_where_the_broker_does_not_know_it()
    {
        var broker = new LogBroker();
        broker.Scripted.On(ApiKey.ApiVersions, static (_, _, _) =>
        {
            var versions = new ApiVersionsResponse();
            foreach (var api in ScriptedBroker.AllVersions().ApiKeys)
                versions.ApiKeys.Add(new ApiVersionsResponse.Api { ApiKey = api.ApiKey, MinVersion = api.MinVersion, MaxVersion = api.ApiKey == (short)ApiKey.Produce ? (short)6 : api.MaxVersion });
            return ScriptedReply.Of(versions);
        });
        await using var client = new KafkaClient(broker.Options());
        await using var zstd = client.CreateProducer(new ProducerOptions { Compression = CompressionType.Zstd });
        await using var gzip = client.CreateProducer(new ProducerOptions { Compression = CompressionType.Gzip });

        var refused = await Assert.ThrowsAsync<KafkaException>(() => zstd.SendAsync("t", Record(0), Token).AsTask());
        await gzip.SendAsync("t", Record(1), Token);

        Assert.Equal(ErrorCode.UnsupportedCompressionType, refused.Code);
        Assert.Equal(["1"], broker.Log(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_partition_that_is_not_there_is_told_to_whoever_names_it()
    {
        var broker = new LogBroker(2);
        await using var client = new KafkaClient(broker.Options() with { MissingTopicTimeout = TimeSpan.FromMilliseconds(20) });
        await using var producer = client.CreateProducer();

        var missing = await Assert.ThrowsAsync<KafkaException>(() => producer.SendAsync("t", Record(0) with { Partition = 2 }, Token).AsTask());

        Assert.Contains("partitions 0 to 1", missing.Message, StringComparison.Ordinal);
    }

    private static OutgoingRecord Record(int number) => new() { Value = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)) };
}
