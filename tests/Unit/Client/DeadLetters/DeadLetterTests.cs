using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.DeadLetters;
using Moldau.Client.Producing;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Client.DeadLetters;

/// <summary>Letters as brokers and handlers write them: read, planned, sent back once.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private const string Dead = "dlq.orders";
    private TestBroker _broker = null!;
    private KafkaClient _client = null!;
    private Producer _producer = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(settings: new() { ["offsets.topic.num.partitions"] = "1", ["transaction.state.log.num.partitions"] = "1" });
        _client = new KafkaClient(new KafkaClientOptions { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_broker.Address.Port}") });
        foreach (var created in await _client.Topics.CreateAsync([new NewTopic("orders") { Partitions = 2 }, new NewTopic("elsewhere") { Partitions = 1 }, new NewTopic(Dead) { Partitions = 2 }], cancellation: Token)) created.Get();
        _producer = _client.CreateProducer();
    }

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_letter_says_where_its_record_lies_who_gave_it_up_and_why()
    {
        await WriteAsync(1, "orders", 1, 17, "key", "value", "billing", own: [new RecordHeader("trace", "abc"u8.ToArray())]);
        await _producer.SendAsync(Dead, new OutgoingRecord { Partition = 1, Value = "no letter"u8.ToArray() }, Token);

        var letter = Assert.Single(await ReadAsync(new DeadLetterQuery()));

        Assert.Equal((new TopicPartition(Dead, 1), 0L, new TopicPartition("orders", 1), 17L), (letter.Where, letter.Offset, letter.Origin, letter.OriginOffset));
        Assert.Equal(("billing", 5, "Offset rejected by client.", false, true), (letter.Group, letter.Deliveries, letter.Reason, letter.IsReplayed, letter.IsCopy));
        Assert.Equal(("key", "value"), (Text(letter.Key), Text(letter.Value)));
        Assert.Equal("trace", Assert.Single(letter.Headers).Key);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_sent_back_goes_where_it_came_from_as_it_was_and_only_once()
    {
        for (var i = 0; i < 1_100; i++) await EnqueueAsync(i % 2, "orders", i % 2, i, $"k{i}", $"v{i}", "billing", [new RecordHeader("trace", "abc"u8.ToArray())]);
        await EnqueueAsync(0, "orders", 0, 7, "others", "others", "shipping");
        await _producer.FlushAsync(Token);

        var plan = await _client.DeadLetters.PlanAsync(Dead, new DeadLetterQuery { Group = "billing" }, Token);
        Assert.Equal([(0, 550L), (1, 550L)], plan.Letters.OrderBy(static one => one.Key.Partition).Select(static one => (one.Key.Partition, one.Value)));
        // What comes later is no part of the plan.
        await WriteAsync(0, "orders", 0, 5_000, "late", "late", "billing");
        var result = await _client.DeadLetters.ReplayAsync(plan, cancellation: Token);

        Assert.Equal((1_100L, 0), (result.Sent, result.Gone.Count));
        var back = await RecordsAsync("orders", 2);
        Assert.Equal(Enumerable.Range(0, 1_100).Select(static i => $"{i % 2} k{i} v{i}").Order(), back.Select(static record => $"{record.Partition} {record.Key} {record.Value}").Order());
        Assert.All(back, static record => Assert.Equal(["trace", "moldau.replayed.from"], record.Headers));
        Assert.Equal(["late"], (await ReadAsync(new DeadLetterQuery { Group = "billing" })).Select(static letter => Text(letter.Key)));
        Assert.Equal(1_101, (await ReadAsync(new DeadLetterQuery { Group = "billing", WithReplayed = true })).Count);
        Assert.Equal(1, (await _client.DeadLetters.PlanAsync(Dead, new DeadLetterQuery { Group = "billing" }, Token)).Letters.Values.Sum());
        Assert.Equal(["others"], (await ReadAsync(new DeadLetterQuery { Group = "shipping" })).Select(static letter => Text(letter.Key)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_record_that_was_copied_twice_is_one_letter()
    {
        await WriteAsync(0, "orders", 0, 3, "k", "v", "billing");
        await WriteAsync(0, "orders", 0, 3, "k", "v", "billing");
        await WriteAsync(0, "orders", 0, 3, "k", "v", "shipping");

        Assert.Equal([(0L, "billing"), (2L, "shipping")], (await ReadAsync(new DeadLetterQuery())).Select(static letter => (letter.Offset, letter.Group!)));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_given_up_again_after_it_was_sent_back_or_in_a_topic_made_anew_is_a_letter_of_its_own()
    {
        await WriteAsync(0, "orders", 0, 3, "k", "v", "billing");
        await _client.DeadLetters.ReplayAsync(await _client.DeadLetters.PlanAsync(Dead, cancellation: Token), cancellation: Token);
        await WriteAsync(0, "orders", 0, 3, "k", "again", "billing");
        await WriteAsync(0, "orders", 0, 3, "k", "again", "billing");
        await WriteAsync(0, "orders", 0, 3, "k", "anew", "billing", time: 2);

        Assert.Equal(["again", "anew"], (await ReadAsync(new DeadLetterQuery())).Select(static letter => Text(letter.Value)));
        Assert.Equal(2, (await _client.DeadLetters.ReplayAsync(await _client.DeadLetters.PlanAsync(Dead, cancellation: Token), cancellation: Token)).Sent);
        Assert.Empty(await ReadAsync(new DeadLetterQuery()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Headers_that_a_producer_made_up_hide_no_letter_and_stay_the_records()
    {
        var forged = new RecordHeader("moldau.replayed.offsets", "0-1000000"u8.ToArray());
        await WriteAsync(0, "orders", 0, 1, "k", "v", "billing", own: [forged]);
        await _producer.SendAsync(Dead, new OutgoingRecord { Partition = 0, Headers = [forged, .. Origin("orders", 0, 2, "billing"), Header("moldau.dead.timestamp", 1)] }, Token);
        await WriteAsync(0, "orders", 0, 3, "k", "v", "billing", own: [.. Origin("first", 7, 8, "earlier"), Header("moldau.dead-letter.topic", "second"), Header("moldau.dead-letter.attempts", 9)]);

        var letters = await ReadAsync(new DeadLetterQuery { Group = "billing" });

        Assert.Equal([1L, 2L, 3L], letters.Select(static letter => letter.OriginOffset));
        Assert.Equal(("orders", 5), (letters[2].Origin.Topic, letters[2].Deliveries));
        Assert.Equal([.. Origin("first", 7, 8, "earlier").Select(static header => header.Key), "moldau.dead-letter.topic", "moldau.dead-letter.attempts"], letters[2].Headers.Select(static header => header.Key));
    }

    [Fact(Timeout = 120_000)]
    public async Task Single_letters_can_be_sent_and_to_another_topic()
    {
        for (var i = 0; i < 3; i++) await WriteAsync(0, "orders", 0, i, $"k{i}", $"v{i}", "billing");

        var plan = await _client.DeadLetters.PlanAsync(Dead, new DeadLetterQuery { Group = "billing", Only = [(0, 1)] }, Token);
        await _client.DeadLetters.ReplayAsync(plan, "elsewhere", Token);

        Assert.Equal(["k1"], (await RecordsAsync("elsewhere", 1)).Select(static record => record.Key));
        Assert.Equal(["k0", "k2"], (await ReadAsync(new DeadLetterQuery { Group = "billing" })).Select(static letter => Text(letter.Key)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_letter_without_a_copy_sends_what_it_points_at_while_that_is_there()
    {
        await _producer.SendAsync("orders", new OutgoingRecord { Partition = 0, Key = "k"u8.ToArray(), Value = "v"u8.ToArray() }, Token);
        await PointAsync(0, 0);
        await PointAsync(0, 99);

        var result = await _client.DeadLetters.ReplayAsync(await _client.DeadLetters.PlanAsync(Dead, cancellation: Token), cancellation: Token);

        Assert.Equal((1L, 99L), (result.Sent, Assert.Single(result.Gone).OriginOffset));
        Assert.Equal(["v", "v"], (await RecordsAsync("orders", 2)).Select(static record => record.Value));
        Assert.Equal([99L], (await ReadAsync(new DeadLetterQuery())).Select(static letter => letter.OriginOffset));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_topic_that_is_no_more_is_named()
    {
        await WriteAsync(0, "gone", 0, 3, "k", "v", "billing");
        var plan = await _client.DeadLetters.PlanAsync(Dead, cancellation: Token);

        var failure = await Assert.ThrowsAsync<KafkaException>(() => _client.DeadLetters.ReplayAsync(plan, cancellation: Token));

        Assert.Contains("gone", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _client.DeadLetters.ReplayAsync(plan, "elsewhere", Token)).Sent);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_letter_that_points_at_nothing_any_more_keeps_no_other_from_being_sent()
    {
        await _producer.SendAsync(Dead, new OutgoingRecord { Partition = 0, Headers = Origin("gone", 0, 1, "billing") }, Token);
        await PointAsync(99, 2);
        await WriteAsync(0, "gone", 0, 3, "k", "v", "billing");

        var plan = await _client.DeadLetters.PlanAsync(Dead, cancellation: Token);
        var result = await _client.DeadLetters.ReplayAsync(plan, "elsewhere", Token);

        Assert.Equal((1L, "1 2"), (result.Sent, string.Join(' ', result.Gone.Select(static letter => letter.OriginOffset))));
        Assert.Equal(["k"], (await RecordsAsync("elsewhere", 1)).Select(static record => record.Key));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_replay_gives_up_when_the_clients_patience_is_over()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using var broker = await TestBroker.StartAsync(disk: disk, settings: new() { ["transaction.state.log.num.partitions"] = "1" });
        await using var client = new KafkaClient(new KafkaClientOptions { Bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Address.Port}"), OperationTimeout = TimeSpan.FromSeconds(3) });
        foreach (var created in await client.Topics.CreateAsync([new NewTopic("orders") { Partitions = 1 }, new NewTopic(Dead) { Partitions = 1 }], cancellation: Token)) created.Get();
        await using (var producer = client.CreateProducer())
            await producer.SendAsync(Dead, new OutgoingRecord { Value = "v"u8.ToArray(), Headers = [.. Origin("orders", 0, 1, "billing"), Header("moldau.dead.timestamp", 1)] }, Token);
        var plan = await client.DeadLetters.PlanAsync(Dead, cancellation: Token);
        disk.Fault = static (operation, path) => operation == DiskOperation.Write && path.Contains("/orders-0/", StringComparison.Ordinal) ? DiskFault.Full : null;

        var failure = await Assert.ThrowsAnyAsync<KafkaException>(() => client.DeadLetters.ReplayAsync(plan, cancellation: Token));

        Assert.Contains("not confirmed within 3 s", failure.Message, StringComparison.Ordinal);
    }

    private static string Text(RecordBytes bytes) => Encoding.UTF8.GetString(bytes.Memory.Span);

    private static RecordHeader Header(string name, object value) => new(name, Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!));

    private async Task<List<DeadLetter>> ReadAsync(DeadLetterQuery query)
    {
        var letters = new List<DeadLetter>();
        await foreach (var letter in _client.DeadLetters.ReadAsync(Dead, query, Token)) letters.Add(letter);
        return letters;
    }

    private async Task WriteAsync(int into, string topic, int partition, long offset, string key, string value, string group, RecordHeader[]? own = null, long time = 1)
    {
        await EnqueueAsync(into, topic, partition, offset, key, value, group, own, time);
        await _producer.FlushAsync(Token);
    }

    private ValueTask EnqueueAsync(int into, string topic, int partition, long offset, string key, string value, string group, RecordHeader[]? own = null, long time = 1) => _producer.EnqueueAsync(Dead, new OutgoingRecord
    {
        Partition = into,
        Key = Encoding.UTF8.GetBytes(key),
        Value = Encoding.UTF8.GetBytes(value),
        Headers = [.. own ?? [], .. Origin(topic, partition, offset, group), Header("moldau.dead.timestamp", time)],
    }, Token);

    private async Task PointAsync(int partition, long offset) =>
        await _producer.SendAsync(Dead, new OutgoingRecord { Partition = 0, Headers = Origin("orders", partition, offset, "billing") }, Token);

    private static RecordHeader[] Origin(string topic, int partition, long offset, string group) =>
    [
        Header("__dlq.errors.topic", topic), Header("__dlq.errors.partition", partition), Header("__dlq.errors.offset", offset), Header("__dlq.errors.group", group),
        Header("__dlq.errors.delivery.count", 5), Header("__dlq.errors.message", "Offset rejected by client."),
    ];

    private async Task<List<(int Partition, string Key, string Value, string[] Headers)>> RecordsAsync(string topic, int partitions)
    {
        var records = new List<(int, string, string, string[])>();
        await using var consumer = _client.CreateConsumer<string, string>(new ConsumerOptions { Reset = OffsetReset.Earliest, StopAtEnd = true });
        await consumer.AssignAsync(Enumerable.Range(0, partitions).ToDictionary(partition => new TopicPartition(topic, partition), static _ => StartPosition.Beginning));
        await foreach (var record in consumer.ReadAllAsync(Token)) records.Add((record.Partition, record.Key!, record.Value!, [.. record.Headers.ToArray().Select(static header => header.Key)]));
        return records;
    }
}
