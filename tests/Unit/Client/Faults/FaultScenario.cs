using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Testing;
using Moldau.Testing.Faults;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>Something that a client does, with a broker of its own, and what must be true of it whatever happens to one of its requests.</summary>
internal abstract class FaultScenario : IAsyncDisposable
{
    public const string Topic = "t";
    public const int Partitions = 2;

    public static readonly TimeSpan RequestTimeout = TimeSpan.FromMilliseconds(300);

    /// <summary>No part of a test takes so long, unless it waits for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Ages = TimeSpan.FromHours(1);

    protected EmbeddedBroker Broker { get; private set; } = null!;

    /// <summary>What it is asked to do meets trouble once, and is done all the same.</summary>
    public async Task OvercomeAsync(Trouble trouble)
    {
        await StartAsync();
        await using var kafka = new KafkaClient(Options(RequestTimeout));
        var fault = trouble.Begin(Broker.Faults);
        try
        {
            await WorkAsync(kafka, fault).WaitAsync(Patience);
            Assert.True(fault.Hits > 0, "it did not happen");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{GetType().Name}, {trouble}: {failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}", failure);
        }
    }

    /// <summary>It meets trouble that stays, and is closed: that ends in time, though nothing else would for ages.</summary>
    /// <param name="isClientFirst">Whether the client is closed below what it made.</param>
    public async Task CloseAsync(Trouble trouble, bool isClientFirst)
    {
        await StartAsync();
        var kafka = new KafkaClient(Options(Ages) with { CloseTimeout = RequestTimeout });
        var fault = trouble.Begin(Broker.Faults, isStanding: true);
        try
        {
            await CloseAsync(kafka, fault, isClientFirst).WaitAsync(Patience);
            await kafka.DisposeAsync().AsTask().WaitAsync(Patience);
            Assert.True(fault.Hits > 0, "it did not happen");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{GetType().Name} closed{(isClientFirst ? " below" : "")}, {trouble}: {failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}", failure);
        }
    }

    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    /// <summary>What must be there before anything happens.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Does it all, closes what it made, and looks at what is there.</summary>
    protected abstract Task WorkAsync(KafkaClient kafka, Fault fault);

    /// <summary>Begins until it happens, closes what it made, and looks at what is there once nothing goes wrong any more.</summary>
    protected abstract Task CloseAsync(KafkaClient kafka, Fault fault, bool isClientFirst);

    protected virtual string? AsKafka => null;

    /// <summary>As so many nodes the broker answers.</summary>
    protected virtual int Nodes => 1;

    protected static OutgoingRecord Record(string value, int partition) => new() { Value = System.Text.Encoding.UTF8.GetBytes(value), Partition = partition };

    protected KafkaClient Connect() => new(new KafkaClientOptions { Bootstrap = Broker.BootstrapServers });

    protected async Task WriteAsync(int first, int count)
    {
        await using var kafka = Connect();
        await using var writer = kafka.CreateProducer();
        for (var i = 0; i < count * Partitions; i++) await writer.EnqueueAsync(Topic, Record($"{first + (i / Partitions)}", i % Partitions));
        Assert.Empty((await writer.FlushAsync()).Lost);
    }

    protected async Task<List<string>[]> ReadAsync()
    {
        var values = Enumerable.Range(0, Partitions).Select(static _ => new List<string>()).ToArray();
        await using var kafka = Connect();
        await using var consumer = kafka.CreateConsumer<string, string>(new ConsumerOptions { Topics = [Topic], StopAtEnd = true });
        await foreach (var record in consumer.ReadAllAsync()) values[record.Partition].Add(record.Value!);
        return values;
    }

    /// <summary>Waits until it happens, or until something that should go on for ever ends.</summary>
    protected static async Task UntilItHappensAsync(Fault fault, Task meanwhile)
    {
        if (await Task.WhenAny(fault.Happened, meanwhile) == meanwhile) await meanwhile;
    }

    private KafkaClientOptions Options(TimeSpan requestTimeout) => new()
    {
        Bootstrap = Broker.BootstrapServers,
        RequestTimeout = requestTimeout,
        OperationTimeout = Ages,
        ConnectTimeout = requestTimeout > Patience ? requestTimeout : Patience,
        MissingTopicTimeout = Ages,
        FirstBackOff = TimeSpan.FromMilliseconds(5),
        LongestBackOff = TimeSpan.FromMilliseconds(50),
    };

    private async Task StartAsync()
    {
        Broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
        {
            AsKafka = AsKafka,
            Nodes = Nodes,
            Settings = new Dictionary<string, string>
            {
                ["offsets.topic.num.partitions"] = "1",
                ["transaction.state.log.num.partitions"] = "1",
                ["group.consumer.heartbeat.interval.ms"] = "30",
                ["group.consumer.min.heartbeat.interval.ms"] = "30",
                ["group.min.session.timeout.ms"] = "1000",
            },
        });
        await using var kafka = Connect();
        (await kafka.Topics.CreateAsync([new NewTopic(Topic) { Partitions = Partitions }]))[0].Get();
        await PrepareAsync();
    }
}
