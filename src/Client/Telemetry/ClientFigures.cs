using System.Diagnostics;
using Moldau.Client.Connections;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Telemetry;

/// <summary>What one client counts of itself, whether somebody looks or not: a few additions a request and a batch, nothing a record.</summary>
internal sealed class ClientFigures
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(BrokerAddress, ConnectionRole), NodeFigures> _nodes = [];
    private readonly SortedDictionary<string, string?> _labels = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    /// <summary>Ends when there is a first connection.</summary>
    public Task Connected => _connected.Task;

    public void IsConnected() => _connected.TrySetResult();

    /// <summary>What a producer or consumer says of itself to whom metrics are pushed. Where several say different things, none does.</summary>
    public void Label(string name, string? value)
    {
        if (value is null) return;
        lock (_gate) _labels[name] = _labels.TryGetValue(name, out var known) && known != value ? null : value;
    }

    public List<KeyValuePair<string, string>> Labels()
    {
        lock (_gate)
        {
            List<KeyValuePair<string, string>> labels = [];
            foreach (var (name, value) in _labels)
            {
                if (value is not null) labels.Add(new(name, value));
            }

            return labels;
        }
    }

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
