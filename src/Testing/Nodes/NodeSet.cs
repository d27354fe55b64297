using System.Globalization;
using System.Net;
using Moldau.Broker;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Coordination.Shards;

namespace Moldau.Testing.Nodes;

/// <summary>The nodes that one broker answers as, each at a listener of its own, and what each leads and coordinates.</summary>
internal sealed class NodeSet
{
    private readonly Dictionary<string, int> _byListener = new(StringComparer.Ordinal);
    private readonly LeaderPlaces _places;
    private volatile BrokerServer? _server;

    public NodeSet(int first, int count)
    {
        First = first;
        _places = new LeaderPlaces(first);
        for (var i = 0; i < count; i++) _byListener.Add(ListenerOf(first + i), first + i);
    }

    /// <summary>The broker's own id; it leads everything until it is moved.</summary>
    public int First { get; }

    public string FirstListener => ListenerOf(First);

    public int Count => _byListener.Count;

    public LeaderPlaces Places => _places;

    /// <summary>Null while it starts.</summary>
    public BrokerServer? Server
    {
        get => _server;
        set => _server = value;
    }

    public bool Has(int node) => node >= First && node < First + Count;

    public int NodeAt(ListenerFacts listener) => _byListener[listener.Name];

    public IPEndPoint AddressOf(int node) => _server!.Addresses[node - First];

    /// <summary>Of the broker's settings.</summary>
    /// <param name="port">The first node's.</param>
    public string Listeners(int port) => string.Join(',', Ids.Select(node =>
        string.Create(CultureInfo.InvariantCulture, $"{ListenerOf(node)}://127.0.0.1:{(node == First ? port : 0)}")));

    /// <summary>As they are now, for the next start.</summary>
    public string SameListeners() => string.Join(',', Ids.Select(node => $"{ListenerOf(node)}://{AddressOf(node)}"));

    public string Protocols() => string.Join(',', Ids.Select(static node => $"{ListenerOf(node)}:PLAINTEXT"));

    public bool Leads(ListenerFacts listener, Partition partition) => LeaderOf(partition) == NodeAt(listener);

    public int LeaderOf(Partition partition) => _places.LeaderOf(partition.TopicId, partition.Number, partition.LeaderEpoch);

    /// <summary>The leader of the partition that the group's offsets are kept in.</summary>
    public int CoordinatorOfGroup(string group) => CoordinatorOf(TopicName.ConsumerOffsets, group);

    public int CoordinatorOfTransactions(string id) => CoordinatorOf(TopicName.TransactionState, id);

    public IEnumerable<int> Ids => Enumerable.Range(First, Count);

    private int CoordinatorOf(string topic, string key) =>
        _server?.Topics.Find(topic) is { } kept && kept.Find(ShardNumber.Of(key, kept.Partitions.Count)) is { } partition ? LeaderOf(partition) : First;

    private static string ListenerOf(int node) => string.Create(CultureInfo.InvariantCulture, $"NODE{node}");
}
