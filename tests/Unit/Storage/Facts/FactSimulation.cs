using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Storage.Simulation;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

/// <summary>
/// Lives of one store on one disk: random transactions, in rounds that share a flush, until the power goes at a random
/// operation, or an operation fails, or the process restarts; then the next life on what is left.
/// </summary>
internal sealed class FactSimulation(int seed, Happenings seen, Func<IFileSystem, IFileSystem>? wrap = null)
{
    private const int Lives = 6;
    private const int RoundsALife = 12;

    private readonly Random _chance = new(seed);
    private readonly FactChecker _checker = new();
    private readonly HeldWork _work = new();
    private MemoryFileSystem _disk = new();
    private MemoryFileSystem? _afterCrash;
    private List<Submission> _round = [];
    private int _operations;
    private int _crashAt;
    private int _failAt;
    private bool _flushFailed;

    public void Run()
    {
        for (var life = 0; life < Lives; life++) Live();
        _disk.Fault = null;
        _disk.Capacity = long.MaxValue;
        _checker.TakeReopened(Open(_disk));
    }

    private void Live()
    {
        _operations = 0;
        _crashAt = _chance.Next(3) > 0 ? _chance.Next(60) : int.MaxValue;
        _failAt = _chance.Next(3) == 0 ? _chance.Next(60) : int.MaxValue;
        _afterCrash = null;
        _disk.Fault = Decide;
        FactStore? store = null;
        try
        {
            store = Open(wrap?.Invoke(_disk) ?? _disk);
            if (_afterCrash is null)
            {
                seen.Note(store.Opening.CutBytes > 0 ? "cut" : "whole");
                _checker.TakeReopened(store);
                Work(store);
            }
        }
        catch (DiskException)
        {
            seen.Note("could not open");
        }

        Restart(store);
    }

    private FactStore Open(IFileSystem disk) => FactStore.Open(disk, FactCalls.Folder, new Random(_chance.Next()), new FactStoreOptions
    {
        Run = _work.Hold, SnapshotAfter = 600, KeptRevisions = 8,
    });

    private void Work(FactStore store)
    {
        var prefix = _chance.Next(2) == 0 ? "" : "a/";
        var watch = store.Watch(prefix, store.LowestKept);
        for (var round = 0; round < RoundsALife && _afterCrash is null; round++)
        {
            if (_chance.Next(10) == 0) _disk.Capacity = _disk.Capacity - _disk.FreeSpace("") + _chance.Next(200);
            else if (_chance.Next(2) == 0) _disk.Capacity = long.MaxValue;

            _round = [];
            for (var count = _chance.Next(1, 5); count > 0; count--)
            {
                var transaction = RandomTransaction();
                _round.Add(new Submission(transaction, store.ApplyAsync(transaction)));
            }

            var compaction = _chance.Next(8) == 0 ? store.CompactAsync(_chance.NextInt64(store.LowestKept, store.Revision + 1)) : null;
            _work.Release();
            foreach (var submission in _round) Note(submission);
            _checker.Take(_round);
            _round = [];
            if (_afterCrash is not null) return;
            Assert.True(compaction is null || compaction.IsCompleted);
            _checker.Check(store, Math.Max(store.LowestKept, store.Revision - 1));
            watch = ReadWatch(store, watch, prefix);
        }
    }

    private FactWatch ReadWatch(FactStore store, FactWatch watch, string prefix)
    {
        if (_chance.Next(3) == 0) return watch;
        var position = watch.Position;
        try
        {
            _checker.CheckWatch(prefix, position, watch.Read(_chance.Next(1, 8)));
            seen.Note("watched");
            return watch;
        }
        catch (FactCompactedException compacted)
        {
            seen.Note("watch compacted");
            Assert.True(position < compacted.LowestKept && compacted.LowestKept == store.LowestKept);
            return store.Watch(prefix, compacted.LowestKept);
        }
    }

    private void Restart(FactStore? store)
    {
        _disk.Fault = null;
        if (_afterCrash is not null)
        {
            seen.Note("crash");
            _disk = _afterCrash;
        }
        else if (_chance.Next(2) == 0)
        {
            seen.Note("crash");
            _disk = _disk.AfterCrash(_chance);
        }
        else if (_chance.Next(2) == 0 && store is not null)
        {
            seen.Note("closed");
            _ = store.DisposeAsync().AsTask();
            _work.Release();
        }

        // A full disk that cannot be written anew is read as it is; after a failed flush that proves nothing.
        if (_flushFailed) _disk.Capacity = long.MaxValue;
        _flushFailed = false;
    }

    private DiskFault? Decide(DiskOperation operation, string path)
    {
        if (_afterCrash is not null) return DiskFault.Failed;
        var number = _operations++;
        seen.Story?.Add($"  {operation} {path}");
        if (number == _crashAt)
        {
            foreach (var submission in _round) submission.IsTold = submission.Task.IsCompleted;
            _afterCrash = _disk.AfterCrash(_chance);
            return DiskFault.Failed;
        }

        if (number != _failAt) return null;
        seen.Note($"fault in {operation}");
        _flushFailed |= operation is DiskOperation.Flush;
        return _chance.Next(3) == 0 ? DiskFault.Full : DiskFault.Failed;
    }

    private FactTransaction RandomTransaction()
    {
        var conditions = new List<FactCondition>();
        for (var count = _chance.Next(3); count > 0; count--)
        {
            var key = RandomKey();
            conditions.Add(_chance.Next(4) switch
            {
                0 => FactCondition.Exists(key),
                1 => FactCondition.Missing(key),
                2 => FactCondition.CreateRevision(key, 0),
                _ => FactCondition.ModRevision(key, _checker.ModRevisionOf(key)),
            });
        }

        var operations = new Dictionary<string, FactOperation>();
        for (var count = _chance.Next(1, 5); count > 0; count--)
        {
            var key = RandomKey();
            operations[key] = _chance.Next(3) == 0 ? FactOperation.Delete(key)
                : FactCalls.Put(key, new string((char)('a' + _chance.Next(26)), _chance.Next(_chance.Next(8) == 0 ? 900 : 12)));
        }

        if (_chance.Next(12) == 0) return new FactTransaction(conditions, [FactOperation.DeletePrefix(_chance.Next(2) == 0 ? "a/" : "b/1")]);
        return new FactTransaction(conditions, [.. operations.Values]);
    }

    private string RandomKey() => (_chance.Next(2) == 0 ? "a/" : "b/") + _chance.Next(12);

    private void Note(Submission submission) =>
        seen.Note(submission.Task.IsFaulted ? ((FactRefusedException)submission.Task.Exception!.InnerException!).Refusal.ToString() : submission.Task.Result.GetType().Name);
}
