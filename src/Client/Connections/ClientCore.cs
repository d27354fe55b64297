using Moldau.Client.Metadata;

namespace Moldau.Client.Connections;

/// <summary>What the roles of a client share.</summary>
internal sealed class ClientCore : IAsyncDisposable
{
    public ClientCore(KafkaClientOptions options)
    {
        Options = options;
        BackOff = new BackOff(options.FirstBackOff, options.LongestBackOff, options.Chance);
        Pool = new BrokerPool(options, BackOff);
        Metadata = new MetadataCache(options, Pool);
        Retries = new Retries(options, BackOff);
        Router = new RequestRouter(options, Pool, Metadata, Retries);
        Leaders = new LeaderCalls(options, Metadata, Router, BackOff);
    }

    public KafkaClientOptions Options { get; }

    public BackOff BackOff { get; }

    public BrokerPool Pool { get; }

    public MetadataCache Metadata { get; }

    public Retries Retries { get; }

    public RequestRouter Router { get; }

    public LeaderCalls Leaders { get; }

    /// <summary>The brokers there are now, in the order of their ids.</summary>
    public async Task<IReadOnlyList<int>> BrokersAsync(CancellationToken cancellation)
    {
        var cluster = await ClusterAsync(cancellation).ConfigureAwait(false);
        var brokers = new List<int>(cluster.Brokers.Keys);
        brokers.Sort();
        return brokers;
    }

    /// <summary>The cluster as it is now, without topics.</summary>
    public Task<ClusterSnapshot> ClusterAsync(CancellationToken cancellation)
    {
        Metadata.MarkStale();
        return Retries.RunAsync(token => Metadata.GetAsync([], false, token), static _ => { }, cancellation);
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();
}
