using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Compatibility.Client;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>Our broker, and Kafka's where it is there.</summary>
public sealed class BothBrokers : IAsyncLifetime
{
    public const string Ours = "moldau";
    public const string Kafkas = "kafka";

    private readonly OurBroker _ours = new();
    private KafkaBroker? _kafkas;

    public async ValueTask InitializeAsync()
    {
        await _ours.InitializeAsync();
        if (KafkaJars.IsThere) _kafkas = await KafkaBroker.StartAsync(KafkaJars.Script);
    }

    public string Address(string which)
    {
        if (which == Ours) return _ours.Address;
        KafkaJars.Require();
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_kafkas!.Port}");
    }

    /// <summary>A client, and a topic of six partitions.</summary>
    public async Task<KafkaClient> WithTopicAsync(string which, string topic)
    {
        var client = new KafkaClient(new KafkaClientOptions { Bootstrap = Address(which) });
        (await client.Topics.CreateAsync([new NewTopic(topic) { Partitions = 6 }]))[0].Get();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        if (_kafkas is not null) await _kafkas.DisposeAsync();
    }
}
