using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Consuming;

/// <summary>An embedded broker with a topic, and a client of it.</summary>
internal sealed class ConsumedTopic : IAsyncDisposable
{
    public const string Name = "t";

    private ConsumedTopic(EmbeddedBroker broker)
    {
        Broker = broker;
        Client = new KafkaClient(new KafkaClientOptions { Bootstrap = broker.BootstrapServers });
    }

    public EmbeddedBroker Broker { get; }

    public KafkaClient Client { get; }

    public static TopicPartition At(int partition) => new(Name, partition);

    public static async Task<ConsumedTopic> StartAsync(int partitions = 1)
    {
        var topic = new ConsumedTopic(await EmbeddedBroker.StartAsync());
        (await topic.Client.Topics.CreateAsync([new NewTopic(Name) { Partitions = partitions }]))[0].Get();
        return topic;
    }

    /// <summary>Writes the numbers as text, to one partition and in batches of their own size.</summary>
    public async Task WriteAsync(int from, int count, int partition = 0, ProducerOptions? options = null)
    {
        await using var writer = Client.CreateProducer(options ?? new ProducerOptions { BatchBytes = 1024 });
        for (var i = from; i < from + count; i++)
        {
            await writer.EnqueueAsync(Name, new OutgoingRecord
            {
                Partition = partition, Key = Encoding.UTF8.GetBytes("k" + i.ToString(CultureInfo.InvariantCulture)), Value = Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)),
                Headers = [new("h", Encoding.UTF8.GetBytes("x" + i.ToString(CultureInfo.InvariantCulture)))],
            });
        }

        Assert.Empty((await writer.FlushAsync()).Lost);
    }

    public Consumer<string, string> Consumer(ConsumerOptions? options = null) => Client.CreateConsumer<string, string>(options ?? new ConsumerOptions { Topics = [Name], StopAtEnd = true });

    /// <summary>So many values, or all up to the end.</summary>
    public static async Task<List<string>> ReadAsync(Consumer<string, string> consumer, int count = int.MaxValue)
    {
        var values = new List<string>();
        if (count == 0) return values;
        await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            values.Add(record.Value!);
            if (values.Count == count) break;
        }

        return values;
    }

    public static List<string> Numbers(int from, int count) => [.. Enumerable.Range(from, count).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
