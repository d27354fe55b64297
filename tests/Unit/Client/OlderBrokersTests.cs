using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;
using Moldau.Protocol.Compression;
using Moldau.Testing;
using Moldau.Testing.Releases;
using Xunit;

namespace Moldau.Unit.Client;

/// <summary>With brokers that offer the versions of older releases everything is done by those, or refused by name.</summary>
public class OlderBrokersTests
{
    public static TheoryData<string> Releases => [.. KafkaRelease.All.Select(static release => release.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Records_are_written_with_every_codec_and_read_alone_and_in_a_group(string release)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = release });
        await using var kafka = await ConnectAsync(broker);
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            await using var producer = kafka.CreateProducer<string, string>("t", new ProducerOptions<string, string>(new ProducerOptions { Compression = codec }));
            for (var i = 0; i < 10; i++) await producer.EnqueueAsync($"k{i}", $"{codec}", Token);
            Assert.Equal((10, 0), await producer.FlushAsync(Token) is { } summary ? (summary.Delivered, summary.Lost.Count) : default);
        }

        var expected = Enum.GetValues<CompressionType>().SelectMany(static codec => Enumerable.Repeat($"{codec}", 10)).Order(StringComparer.Ordinal);
        Assert.Equal(expected, (await ReadAsync(kafka, new ConsumerOptions { Topics = ["t"], StopAtEnd = true }, int.MaxValue)).Order(StringComparer.Ordinal));
        var group = new ConsumerOptions { GroupId = "g", Topics = ["t"], Group = new GroupOptions { Protocol = GroupProtocol.Auto } };
        Assert.Equal(expected, (await ReadAsync(kafka, group, 50)).Order(StringComparer.Ordinal));
        Assert.All(await kafka.Groups.LagAsync("g", Token), static lag => Assert.Equal(0, lag.Lag));
        Assert.Equal(string.CompareOrdinal(release, "4.0") >= 0 ? "consumer" : "classic", (await kafka.Groups.ListAsync(cancellation: Token)).Single().Value!.Type?.ToLowerInvariant() ?? "classic");
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Transactions_are_committed_and_given_up(string release)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = release });
        await using var kafka = await ConnectAsync(broker);
        await using var producer = kafka.CreateProducer<string, string>("t", new ProducerOptions<string, string>(new ProducerOptions { TransactionalId = "x" }));
        for (var i = 0; i < 4; i++)
        {
            await using var transaction = await producer.BeginAsync(Token);
            await producer.SendAsync("k", $"{i}", Token);
            if (i % 2 == 0) await transaction.CommitAsync(Token);
        }

        Assert.Equal(["0", "2"], await ReadAsync(kafka, new ConsumerOptions { Topics = ["t"], StopAtEnd = true }, int.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Administration_is_done_or_refused_by_name(string release)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = release });
        await using var kafka = await ConnectAsync(broker);
        Assert.Equal(["t"], (await kafka.Topics.ListAsync(Token)).Select(static topic => topic.Name));
        Assert.True((await kafka.Topics.AddPartitionsAsync(new Dictionary<string, int> { ["t"] = 5 }, cancellation: Token)).Single().Succeeded);
        Assert.NotEmpty(await kafka.Configs.DescribeAsync(new ConfigResource(ConfigResourceType.Topic, "t"), cancellation: Token));
        Assert.NotEmpty(await kafka.Cluster.LogDirsAsync([], Token));
        if (release == "2.1")
        {
            // Incremental changes are of 2.3, and a whole replacement is something else.
            var refused = await Assert.ThrowsAsync<KafkaException>(() => kafka.Users.ListAsync(cancellation: Token));
            Assert.Contains("DescribeUserScramCredentials", refused.Message, StringComparison.Ordinal);
            Assert.False(refused.IsTransient);
        }
        else
        {
            Assert.Empty(await kafka.Users.ListAsync(cancellation: Token));
        }

        Assert.True((await kafka.Topics.DeleteAsync(["t"], Token)).Single().Succeeded);
    }

    private static async Task<KafkaClient> ConnectAsync(EmbeddedBroker broker)
    {
        var kafka = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
        (await kafka.Topics.CreateAsync([new NewTopic("t") { Partitions = 2 }], cancellation: Token)).Single().Get();
        return kafka;
    }

    private static async Task<List<string>> ReadAsync(KafkaClient kafka, ConsumerOptions options, int count)
    {
        var values = new List<string>();
        await using var consumer = kafka.CreateConsumer<string, string>(options);
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            values.Add(record.Value!);
            if (values.Count == count) await consumer.SkipAsync(record.Where, record.Offset);
            if (values.Count == count) break;
        }

        return values;
    }
}
