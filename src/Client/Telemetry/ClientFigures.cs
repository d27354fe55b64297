using System.Diagnostics;
using Moldau.Client.Connections;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Telemetry;

/// <summary>What one client counts of itself, whether somebody looks or not: a few additions a request and a batch, nothing a record.</summary>
internal sealed class ClientFigures
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(BrokerAddress, ConnectionRole), NodeFigures> _nodes = [];

    public ClientFigures(KafkaClientOptions options)
    {
        ClientId = options.ClientId;
        Producing = new ProducerFigures(options);
        Consuming = new ConsumerFigures(options);
        ClientMeter.Add(this);
    }

    public string ClientId { get; }

    public ProducerFigures Producing { get; }

    public ConsumerFigures Consuming { get; }

    public NodeFigures Node(BrokerAddress address, ConnectionRole role)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue((address, role), out var node)) _nodes[(address, role)] = node = new NodeFigures(ClientId, address, role);
            return node;
        }
    }

    public List<NodeFigures> Nodes()
    {
        lock (_gate) return [.. _nodes.Values];
    }

    /// <summary>A broker held an answer back for a quota.</summary>
    public void Throttled(ApiKey api, int milliseconds)
    {
        if (api == ApiKey.Produce) Producing.Throttled.Add(TimeSpan.FromMilliseconds(milliseconds));
        if (milliseconds <= 0 || !ClientMeter.ThrottleDuration.Enabled) return;
        ClientMeter.ThrottleDuration.Record(milliseconds / 1000.0, new TagList { { TelemetryTag.Api, ApiTable.Get(api).Name }, { TelemetryTag.ClientId, ClientId } });
    }

    /// <summary>It counts no more.</summary>
    public void End() => ClientMeter.Remove(this);
}
