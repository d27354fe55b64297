using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>
/// Lives of one node's metadata on one disk: each begins as a node's start does, then callers do random things at the same
/// time, until the power goes at a random operation of the disk, or the process is killed, or stops as it should.
/// </summary>
/// <param name="seed">Decides everything.</param>
/// <param name="wrapStore">What stands between the store and all who use it.</param>
/// <param name="wrapDisk">What stands between the disk and the store.</param>
internal sealed class MetadataSimulation(int seed, Func<IMetadataStore, IMetadataStore>? wrapStore = null, Func<IFileSystem, IFileSystem>? wrapDisk = null)
{
    private const int Lives = 5;
    private const int Callers = 3;
    private const int OperationsOfCaller = 7;
    private const int MostSteps = 4000;

    private readonly Random _chance = new(seed);
    private readonly SimulationRecord _record = new(seed);
    private readonly Dictionary<string, int> _epochsDue = [];
    private MemoryFileSystem _disk = new();
    private bool _isClean;

    // Of the life that is being lived.
    private Turns _turns = new(new Random(0));
    private List<Task> _running = [];
    private LocalMetadataStore? _store;
    private MetadataFollower? _follower;
    private int _callersLeft;
    private bool _hasRaised;
    private bool _isWatchedByCheck;

    public Dictionary<string, int> Seen => _record.Seen;

    public void Run()
    {
        // Continuations must run where they are set off, and not go through the test's context.
        SynchronizationContext.SetSynchronizationContext(null);
        for (var life = 0; life < Lives; life++) Live();
        _store = LocalMetadataStore.Open(_disk, MetadataCalls.Folder, _chance, Options());
        Check(() => _record.Witness.TakeOpened(_store));
    }

    private void Live()
    {
        _turns = new Turns(_chance);
        _running = [];
        (_store, _follower, _callersLeft, _hasRaised) = (null, null, -1, false);
        _disk.StopsAfter = _chance.Next(3) > 0 ? _disk.Operations + _chance.Next(1, _chance.Next(2) == 0 ? 40 : 400) : long.MaxValue;
        _disk.Fault = FaultAt(_chance.Next(3) == 0 ? _disk.Operations + _chance.Next(200) : -1);
        var steps = _chance.Next(4) == 0 ? _chance.Next(300) : MostSteps;
        try
        {
            _store = LocalMetadataStore.Open(wrapDisk?.Invoke(_disk) ?? _disk, MetadataCalls.Folder, new Random(_chance.Next()), Options());
        }
        catch (DiskException)
        {
            _record.Note("could not open");
        }

        if (_store is not null && !IsPowerGone) Work(steps);
        End();
    }

    private bool IsPowerGone => _disk.Operations > _disk.StopsAfter;

    private void Work(int steps)
    {
        Check(() => _record.Witness.TakeOpened(_store!));
        if (!_isClean)
        {
            foreach (var (key, epoch) in _record.Witness.LedBy(MetadataCalls.Node)) _epochsDue[key] = epoch;
        }

        IMetadataStore turned = new TurnedStore(_store!, _turns, _chance, _record.Note);
        Go(StartAsync(wrapStore?.Invoke(turned) ?? turned));
        for (; steps > 0 && !IsPowerGone && _turns.Step(); steps--)
        {
            foreach (var task in _running) Rethrow(task);
            if (IsPowerGone) return;
            Check(() => _record.Witness.Observe(_store!));
            if (_follower is not null && _chance.Next(100) == 0) CheckImage();
            if (_callersLeft == 0 && _follower!.Current.Revision == _store!.Revision) break;
        }

        if (_callersLeft != 0 || _follower!.Current.Revision != _store!.Revision) return;
        _record.Note("came to rest");
        CheckImage();
    }

    private async Task StartAsync(IMetadataStore store)
    {
        try
        {
            await new AlterRecord(store).RunAsync<ClusterRecord>(MetadataKeys.Cluster, static before => before ?? new ClusterRecord("c")).ConfigureAwait(false);
            await new RemoveUnbornTopics(store).RunAsync().ConfigureAwait(false);
            _record.Witness.RequireNothingUnborn();
            await new RaiseLeaderEpochs(store).RunAsync(MetadataCalls.Node, !_isClean).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is FactRefusedException or OutcomeUnknownException)
        {
            _record.Note("could not start");
            return;
        }

        foreach (var (key, epoch) in _epochsDue)
            StoreWitness.Require(_record.Witness.LeaderEpoch(key) is not { } now || now > epoch, $"{key} still has leader epoch {epoch} after an unclean start");
        _record.Note(_epochsDue.Count > 0 ? "raised" : "nothing to raise");
        _epochsDue.Clear();
        _hasRaised = true;

        _follower = await MetadataFollower.StartAsync(store).ConfigureAwait(false);
        var mirror = new ImageMirror(_follower.Current);
        _follower.Subscribe(mirror.Take);
        Go(_follower.RunAsync(CancellationToken.None));
        _callersLeft = Callers;
        for (var caller = 0; caller < Callers; caller++) Go(CallAsync(new SimulatedCaller(store, _follower, () => _store!.Revision, _record, _chance)));
    }

    private async Task CallAsync(SimulatedCaller caller)
    {
        await caller.RunAsync(OperationsOfCaller).ConfigureAwait(false);
        _callersLeft--;
    }

    private void End()
    {
        _disk.Fault = null;
        if (IsPowerGone || _chance.Next(3) == 0)
        {
            _record.Note("crash");
            _disk = _disk.AfterCrash(_chance);
            _isClean = false;
        }
        else if (_store is not null && _chance.Next(3) > 0)
        {
            // The mark of a clean stop is written by who has put everything in order, or has begun to.
            _isClean = _hasRaised || _record.Witness.RaisedSinceOpened > 0;
            _record.Note(_isClean ? "clean stop" : "stop too early");
            _store.DisposeAsync().AsTask().Wait(TimeSpan.FromMinutes(1));
            _disk.StopsAfter = long.MaxValue;
        }
        else
        {
            _record.Note("killed");
            _isClean = false;
            _disk.StopsAfter = long.MaxValue;
        }
    }

    private void CheckImage() => Check(() =>
    {
        var image = _follower!.Current;
        if (image.Revision < _store!.LowestKept) return;
        var expected = Image.ImageText.Of(MetadataImage.Of(_store.ListAsync("", image.Revision).Result));
        StoreWitness.Require(expected.SequenceEqual(Image.ImageText.Of(image)), $"the image of revision {image.Revision} is not what the store has there");
        _record.Note("image checked");
    });

    private FactStoreOptions Options() => new()
    {
        Run = static work => work(),
        SnapshotAfter = 4000,
        KeptRevisions = 12,
        Faults = new FactFaults
        {
            Outcome = _ => _chance.Next(15) > 0 ? InjectedOutcome.None : _chance.Next(2) == 0 ? InjectedOutcome.UnknownApplied : InjectedOutcome.UnknownLost,
            Compacted = revision => !_isWatchedByCheck && _chance.Next(25) == 0 ? Compacted(revision) : null,
        },
    };

    private long Compacted(long revision)
    {
        _record.Note("compacted");
        return revision + 1;
    }

    private Func<DiskOperation, string, DiskFault?> FaultAt(long operation) => (_, _) =>
    {
        if (_disk.Operations != operation) return null;
        _record.Note("disk fault");
        return _chance.Next(2) == 0 ? DiskFault.Full : DiskFault.Failed;
    };

    /// <summary>What the check itself asks of the store is answered truly.</summary>
    private void Check(Action check)
    {
        _isWatchedByCheck = true;
        check();
        _isWatchedByCheck = false;
    }

    private void Go(Task task) => _running.Add(task);

    private static void Rethrow(Task task)
    {
        if (task.IsFaulted) throw new InvalidDataException($"a caller failed: {task.Exception!.InnerException!.Message}", task.Exception.InnerException);
    }
}
