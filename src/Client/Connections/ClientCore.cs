using Moldau.Client.Metadata;
using Moldau.Client.Telemetry;
using Moldau.Client.Telemetry.Pushing;

namespace Moldau.Client.Connections;

/// <summary>What the roles of a client share.</summary>
internal sealed class ClientCore : IAsyncDisposable
{
    public ClientCore(KafkaClientOptions options)
    {
        Options = options;
        BackOff = new BackOff(options.FirstBackOff, options.LongestBackOff, options.Chance);
        Figures = new ClientFigures(options);
        Pool = new BrokerPool(options, BackOff, Figures);
        Metadata = new MetadataCache(options, Pool);
        Spans = new ClientSpans(options, Metadata);
        Retries = new Retries(options, BackOff);
        Router = new RequestRouter(options, Pool, Metadata, Retries);
        Leaders = new LeaderCalls(options, Metadata, Router, BackOff);
        Push = new MetricsPush(this);
    }

    public KafkaClientOptions Options { get; }

    public BackOff BackOff { get; }

    public ClientFigures Figures { get; }

    public ClientSpans Spans { get; }

    public BrokerPool Pool { get; }

    public MetadataCache Metadata { get; }

    public Retries Retries { get; }

    public RequestRouter Router { get; }

    public LeaderCalls Leaders { get; }

    /// <summary>Begun by whoever makes a producer or a consumer.</summary>
    public MetricsPush Push { get; }

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

    public async ValueTask DisposeAsync()
    {
        await Push.DisposeAsync().ConfigureAwait(false);
        await Pool.DisposeAsync().ConfigureAwait(false);
        Figures.End();
    }
}
