using Moldau.Client.Connections;
using Moldau.Client.Fetching;
using Moldau.Client.Metadata;

namespace Moldau.Client.Sharing;

/// <summary>Finds out who leads what a share consumer reads, and has a lane for each of these brokers. It throws nowhere.</summary>
internal sealed class ShareFetcher : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly ShareConsumerOptions _options;
    private readonly ShareTable _table;
    private readonly Func<string> _member;
    private readonly Bell _bell;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ShareLane> _lanes = [];
    private readonly Dictionary<int, BrokerInfo> _named = [];
    private readonly int _owner;
    private Task _loop = Task.CompletedTask;
    private int _misses;

    /// <param name="core">The client.</param>
    /// <param name="options">How to read.</param>
    /// <param name="table">What to read.</param>
    /// <param name="member">The member's id.</param>
    public ShareFetcher(ClientCore core, ShareConsumerOptions options, ShareTable table, Func<string> member)
    {
        (_core, _options, _table, _member) = (core, options, table, member);
        _bell = new Bell(core.Options.Clock);
        _owner = core.Pool.NewOwner();
        table.Misplaced = _bell.Ring;
    }

    public void Start() => _loop = Task.Run(RunAsync, CancellationToken.None);

    /// <summary>Has every broker told what is left, until the deadline.</summary>
    public async Task EndAsync(CancellationToken deadline)
    {
        _table.End();
        Task[] lanes;
        lock (_gate) lanes = [.. _lanes.Values.Select(static lane => lane.Ended)];
        await Task.WhenAll(lanes).WaitAsync(deadline).ConfigureAwait(false);
    }

    /// <summary>Calls off what is under way, and closes the connections: what they brought is others' then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (_gate) tasks = [_loop, .. _lanes.Values.Select(static lane => lane.Ended)];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        await _core.Pool.CloseAsync(_owner).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var wait = await TurnAsync(_closing.Token).ConfigureAwait(false);
                await _bell.WaitAsync(wait, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // It was told to end, or the client was closed beneath it.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            _table.Broken(bug);
        }
    }

    /// <returns>How long until it is to look again though nobody rings.</returns>
    private async Task<TimeSpan?> TurnAsync(CancellationToken cancellation)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var where in _table.Partitions()) topics.Add(where.Topic);
        if (topics.Count == 0) return null;
        try
        {
            var cluster = await _core.Metadata.GetAsync(topics, createsTopics: false, cancellation).ConfigureAwait(false);
            var nodes = new HashSet<int>();
            var isMissing = _table.Learn(cluster, nodes);
            foreach (var node in nodes) Open(node);
            if (!isMissing)
            {
                _misses = 0;
                return _core.Options.MetadataAge;
            }

            _core.Metadata.MarkStale();
        }
        catch (KafkaException)
        {
            // It is looked up again; no broker that answers is nothing that reading would know better.
        }

        return _core.BackOff.After(++_misses);
    }

    private void Open(int node)
    {
        lock (_gate)
        {
            if (_lanes.ContainsKey(node) || _closing.IsCancellationRequested) return;
            var lane = new ShareLane(_table.Broker(node), _core, _options, _table, _member, Find, Learn, _owner);
            _lanes[node] = lane;
            lane.Start(_closing.Token);
        }
    }

    private BrokerInfo? Find(int node)
    {
        if (_core.Metadata.Current.Brokers.TryGetValue(node, out var broker)) return broker;
        lock (_gate) return _named.GetValueOrDefault(node);
    }

    private void Learn(BrokerInfo broker)
    {
        lock (_gate) _named[broker.Id] = broker;
        _bell.Ring();
    }
}
