using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.Metadata;

namespace Moldau.Client.Fetching;

/// <summary>
/// Fetches what is subscribed to: finds out who leads it and where to begin, and has a lane for each broker that is read from.
/// Everything here runs in the background and throws nowhere: what fails is told through the <see cref="PartitionTable"/>.
/// </summary>
internal sealed class Fetcher : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly FetchPlan _plan;
    private readonly ConsumerOptions _options;
    private readonly Placement _placement;
    private readonly EpochCheck _check;
    private readonly Bell _bell;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, BrokerLane> _lanes = [];
    private readonly Dictionary<int, BrokerInfo> _named = [];
    private readonly List<Task> _tasks = [];
    private readonly int _owner;
    private bool _isStarted;

    public Fetcher(ClientCore core, ConsumerOptions options, PartitionTable table, Func<CommittedOffsets?> committed)
    {
        _core = core;
        _options = options;
        _plan = new FetchPlan(table);
        _placement = new Placement(core, options, _plan, committed);
        _check = new EpochCheck(core, _plan);
        _bell = new Bell(core.Options.Clock);
        _owner = core.Pool.NewOwner();
        table.Changed = RingAll;
        table.Room = RingLanes;
        table.Stale = core.Metadata.MarkStale;
    }

    /// <summary>Shown the cluster whenever it was looked at.</summary>
    public Action<ClusterSnapshot> Looked { get; init; } = static _ => { };

    /// <summary>Begins; called again it does nothing.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted || _closing.IsCancellationRequested) return;
            _isStarted = true;
            _tasks.Add(Task.Run(RunAsync, CancellationToken.None));
        }
    }

    /// <summary>Calls off what is under way, and closes the connections it had.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (_gate) tasks = [.. _tasks];
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
            _plan.Broken(bug);
        }
    }

    /// <returns>How long until it is to look again though nobody rings.</returns>
    private async Task<TimeSpan?> TurnAsync(CancellationToken cancellation)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var where in _plan.Partitions()) topics.Add(where.Topic);
        if (topics.Count == 0) return null;
        ClusterSnapshot cluster;
        try
        {
            cluster = await _core.Metadata.GetAsync(topics, createsTopics: false, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            _plan.FailedAll(failure);
            return _core.BackOff.After(1);
        }

        Looked(cluster);
        var nodes = new HashSet<int>();
        var wait = _plan.Learn(cluster, nodes);
        foreach (var node in nodes) Open(node);
        if (_plan.TakeAsking(PartitionPhase.Placing) is { Count: > 0 } placing) Track(_placement.RunAsync(placing, cancellation));
        if (_plan.TakeAsking(PartitionPhase.Checking) is { Count: > 0 } checking) Track(_check.RunAsync(checking, cancellation));
        var age = _core.Options.MetadataAge;
        return wait is { } sooner && sooner < age ? sooner : age;
    }

    private void Open(int node)
    {
        lock (_gate)
        {
            if (_lanes.ContainsKey(node) || _closing.IsCancellationRequested) return;
            var lane = new BrokerLane(node, _core, _options, _plan, Find, Learn, _owner);
            _lanes[node] = lane;
            _plan.Lanes = _lanes.Count;
            _tasks.Add(Task.Run(() => lane.RunAsync(_closing.Token), CancellationToken.None));
        }
    }

    private void Track(Task task)
    {
        lock (_gate)
        {
            _tasks.RemoveAll(static task => task.IsCompleted);
            _tasks.Add(WatchAsync(task));
        }
    }

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // It was told to end.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            _plan.Broken(bug);
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
        RingAll();
    }

    private void RingAll()
    {
        _bell.Ring();
        RingLanes();
    }

    private void RingLanes()
    {
        lock (_gate)
        {
            foreach (var lane in _lanes.Values) lane.Bell.Ring();
        }
    }
}
