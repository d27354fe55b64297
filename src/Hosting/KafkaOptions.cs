using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;

namespace Moldau.Extensions.Hosting;

/// <summary>What one named cluster is used with; producers and consumers begin with these and may change them.</summary>
public sealed class KafkaOptions
{
    public KafkaClientOptions Client { get; set; } = new();

    public ProducerOptions Producer { get; set; } = new();

    public ConsumerOptions Consumer { get; set; } = new();
}
