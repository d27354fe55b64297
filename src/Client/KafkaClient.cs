using Moldau.Client.Admin;
using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.DeadLetters;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;
using Moldau.Client.Sharing;
using Moldau.Protocol.Primitives;

namespace Moldau.Client;

/// <summary>
/// A client of one cluster. It owns the connections; what administers, writes and reads are views of it, and end with it.
/// Nothing is connected before the first call.
/// </summary>
public sealed class KafkaClient : IAsyncDisposable
{
    private readonly ClientCore _core;

    /// <exception cref="ArgumentException">An address is none.</exception>
    public KafkaClient(KafkaClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _core = new ClientCore(options);
        Topics = new TopicAdmin(_core);
        Configs = new ConfigAdmin(_core);
        Cluster = new ClusterAdmin(_core);
        Groups = new GroupAdmin(_core, Topics);
        Transactions = new TransactionAdmin(_core);
        Acls = new AclAdmin(_core);
        Users = new UserAdmin(_core);
        Quotas = new QuotaAdmin(_core);
        Tokens = new TokenAdmin(_core);
        Partitions = new PartitionAdmin(_core);
        DeadLetters = new DeadLetterAdmin(this);
    }

    internal TimeSpan OperationTimeout => _core.Options.OperationTimeout;

    public TopicAdmin Topics { get; }

    public ConfigAdmin Configs { get; }

    public ClusterAdmin Cluster { get; }

    public GroupAdmin Groups { get; }

    public TransactionAdmin Transactions { get; }

    public AclAdmin Acls { get; }

    public UserAdmin Users { get; }

    public QuotaAdmin Quotas { get; }

    public TokenAdmin Tokens { get; }

    public PartitionAdmin Partitions { get; }

    public DeadLetterAdmin DeadLetters { get; }

    /// <summary>A producer of records to any topics; whoever asks for it disposes it.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public Producer CreateProducer(ProducerOptions? options = null)
    {
        var producer = new Producer(_core, options ?? new ProducerOptions());
        _core.Push.Start();
        return producer;
    }

    /// <summary>A producer of one topic's values; whoever asks for it disposes it.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="options">How; with the serdes of types that have none of their own.</param>
    /// <exception cref="ArgumentException">A type has no serde, or the options contradict each other.</exception>
    public Producer<TKey, TValue> CreateProducer<TKey, TValue>(string topic, ProducerOptions<TKey, TValue>? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        options ??= new ProducerOptions<TKey, TValue>();
        var producer = new Producer<TKey, TValue>(_core, topic, options);
        _core.Push.Start();
        return producer;
    }

    /// <summary>A reader of records; whoever asks for it disposes it.</summary>
    /// <param name="options">What is read, and how.</param>
    /// <param name="keys">Reads keys; null for the serde that comes with the type.</param>
    /// <param name="values">Reads values; null for the serde that comes with the type.</param>
    /// <exception cref="ArgumentException">An option is not possible, or a type has no serde of its own.</exception>
    public Consumer<TKey, TValue> CreateConsumer<TKey, TValue>(ConsumerOptions options, ISerde<TKey>? keys = null, ISerde<TValue>? values = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var engine = new ConsumerEngine(_core, Topics, options);
        var group = options.GroupId is null ? null : new GroupConsumer(_core, engine);
        _core.Push.Start();
        return new Consumer<TKey, TValue>(engine, keys ?? Serde.For<TKey>(), values ?? Serde.For<TValue>(), group);
    }

    /// <summary>A reader in a share group, whose members have the records of its topics between them (KIP-932); whoever asks for it disposes it.</summary>
    /// <param name="options">What is read, and how.</param>
    /// <param name="keys">Reads keys; null for the serde that comes with the type.</param>
    /// <param name="values">Reads values; null for the serde that comes with the type.</param>
    /// <exception cref="ArgumentException">An option is not possible, or a type has no serde of its own.</exception>
    public ShareConsumer<TKey, TValue> CreateShareConsumer<TKey, TValue>(ShareConsumerOptions options, ISerde<TKey>? keys = null, ISerde<TValue>? values = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var engine = new ShareEngine(_core, options);
        _core.Push.Start();
        return new ShareConsumer<TKey, TValue>(engine, keys ?? Serde.For<TKey>(), values ?? Serde.For<TValue>());
    }

    /// <summary>The id by which the cluster knows this client among those that push their metrics (KIP-714): what is looked for where those arrive.</summary>
    /// <exception cref="InvalidOperationException"><see cref="KafkaClientOptions.PushesMetrics"/> is off.</exception>
    /// <exception cref="KafkaException">The cluster gives none.</exception>
    public Task<Uuid> ClientInstanceIdAsync(CancellationToken cancellation = default) => _core.Push.InstanceIdAsync(cancellation);

    /// <summary>Closes all connections, within <see cref="KafkaClientOptions.CloseTimeout"/>.</summary>
    public ValueTask DisposeAsync() => _core.DisposeAsync();
}
