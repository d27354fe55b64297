using Microsoft.Extensions.Logging;
using Moldau.Client.Metadata;
using Moldau.Client.Telemetry;

namespace Moldau.Client.Connections;

/// <summary>The ways to all brokers that were ever needed: one for each address and role.</summary>
internal sealed class BrokerPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(BrokerAddress Address, ConnectionRole Role, int Owner), BrokerLink> _links = [];
    private readonly IReadOnlyList<BrokerAddress> _bootstrap;
    private readonly KafkaClientOptions _options;
    private readonly BackOff _backOff;
    private readonly ClientFigures _figures;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private int _lastOwner;
    private bool _isClosed;

    public BrokerPool(KafkaClientOptions options, BackOff backOff, ClientFigures figures)
    {
        _figures = figures;
        _options = options;
        _backOff = backOff;
        _bootstrap = BrokerAddress.ParseAll(options.Bootstrap);
        _log = options.LoggerFactory.CreateLogger("Moldau.Client");
    }

    /// <param name="broker">Which.</param>
    /// <param name="role">What for.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="owner">Who has it to himself, as <see cref="NewOwner"/> gave the number; 0: all share it.</param>
    public Task<BrokerConnection> ToAsync(BrokerInfo broker, ConnectionRole role, CancellationToken cancellation, int owner = 0) =>
        Link(new BrokerAddress(broker.Host, broker.Port), role, owner).GetAsync(cancellation);

    /// <summary>A number for connections that are nobody else's: two consumers that wait for records would wait for each other.</summary>
    public int NewOwner() => Interlocked.Increment(ref _lastOwner);

    /// <summary>Closes what one owner had to himself.</summary>
    public async Task CloseAsync(int owner)
    {
        var own = new List<BrokerLink>();
        lock (_gate)
        {
            foreach (var key in new List<(BrokerAddress, ConnectionRole, int Owner)>(_links.Keys))
            {
                if (key.Owner == owner && _links.Remove(key, out var link)) own.Add(link);
            }
        }

        await Task.WhenAll(own.ConvertAll(static link => link.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>
    /// A connection to whichever broker is there: one that is open already, else known brokers and those to begin with in
    /// random order, those that failed last behind the others.
    /// </summary>
    /// <exception cref="KafkaConnectionException">None is there.</exception>
    public async Task<BrokerConnection> AnyAsync(ClusterSnapshot known, CancellationToken cancellation)
    {
        KafkaException? failure = null;
        foreach (var link in Candidates(known))
        {
            try
            {
                return await link.GetAsync(cancellation).ConfigureAwait(false);
            }
            catch (KafkaException unreachable) when (unreachable.IsTransient)
            {
                failure = unreachable;
            }
        }

        throw failure!;
    }

    public async ValueTask DisposeAsync()
    {
        List<BrokerLink> links;
        lock (_gate)
        {
            _isClosed = true;
            links = [.. _links.Values];
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(links.ConvertAll(static link => link.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private List<BrokerLink> Candidates(ClusterSnapshot known)
    {
        var addresses = new List<BrokerAddress>();
        foreach (var broker in known.Brokers.Values) addresses.Add(new BrokerAddress(broker.Host, broker.Port));
        foreach (var address in _bootstrap)
        {
            if (!addresses.Contains(address)) addresses.Add(address);
        }

        var links = new List<BrokerLink>();
        while (addresses.Count > 0)
        {
            var chosen = _backOff.Choose(addresses.Count);
            links.Add(Link(addresses[chosen], ConnectionRole.Requests));
            addresses.RemoveAt(chosen);
        }

        // Stable, so that the random order stays among equals.
        var ordered = new List<BrokerLink>();
        ordered.AddRange(links.FindAll(static link => link.IsOpen));
        ordered.AddRange(links.FindAll(static link => !link.IsOpen && !link.IsDown));
        ordered.AddRange(links.FindAll(static link => !link.IsOpen && link.IsDown));
        return ordered;
    }

    private BrokerLink Link(BrokerAddress address, ConnectionRole role, int owner = 0)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(KafkaClient));
            if (!_links.TryGetValue((address, role, owner), out var link)) _links[(address, role, owner)] = link = new BrokerLink(address, _options, _backOff, _figures, role, _log, _closing.Token);
            return link;
        }
    }
}
