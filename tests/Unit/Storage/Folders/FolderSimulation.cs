using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Storage.Folders;

/// <summary>
/// Lives of one data folder: topics come and go, records are appended, deleted and cut, until the power goes at some
/// operation of the disk, or the process is killed, or it stops in order. What is found afterwards is held against what
/// was acknowledged.
/// </summary>
/// <param name="seed">Of everything that is left to chance.</param>
/// <param name="seen">Takes what was come upon.</param>
/// <param name="wrap">Puts a fault in.</param>
internal sealed class FolderSimulation(int seed, Happenings seen, Func<MemoryFileSystem, IFileSystem>? wrap = null)
{
    private const int Names = 6;

    // Each of them may be found after a crash; no other.
    private static readonly HashSet<RecoveryRow> s_expected =
    [
        RecoveryRow.W5, RecoveryRow.W8, RecoveryRow.T2, RecoveryRow.T3, RecoveryRow.T4, RecoveryRow.T5,
        RecoveryRow.F4, RecoveryRow.F6, RecoveryRow.F8, RecoveryRow.F9,
    ];

    private readonly Random _chance = new(seed);
    private readonly ManualClock _clock = new();
    private readonly LogSettings _settings = new() { SegmentBytes = 500, IndexIntervalBytes = 100, CheckpointBytes = 800 };
    private readonly Dictionary<PartitionName, ExpectedLog> _hosted = [];
    private readonly HashSet<LogIdentity> _deleting = [];
    private readonly HashSet<LogIdentity> _deleted = [];
    private MemoryFileSystem _memory = new();
    private DataFolder? _folder;
    private LogDisk _disk = null!;
    private long _values;
    private ulong _topics;
    private bool _isStopping;
    private bool _wasStopped;

    private bool IsPowerGone => _memory.Operations >= _memory.StopsAfter;

    /// <summary>Lives one after the other, ended by chance; and one that ends in order.</summary>
    public void Run(int lives)
    {
        for (var life = 0; life < lives; life++)
        {
            if (_chance.Next(3) > 0) _memory.StopsAfter = _memory.Operations + _chance.Next(1, 400);
            Live(_chance.Next(5, 40));
        }

        _memory.StopsAfter = long.MaxValue;
        Live(0);
    }

    /// <summary>One life up to a certain operation of the disk, and what is found then.</summary>
    /// <returns>False where the life ended before.</returns>
    public bool RunUpTo(long operation)
    {
        _memory.StopsAfter = operation;
        Live(25);
        var wasCut = seen.Counts.ContainsKey("power failure");
        _memory.StopsAfter = long.MaxValue;
        Live(0);
        return wasCut;
    }

    private void Live(int steps)
    {
        try
        {
            if (Open())
            {
                if (steps > 0 && _hosted.Count == 0) Create(Names);
                for (var step = 0; step < steps && !IsPowerGone; step++) Step();
                if (!IsPowerGone && (steps == 0 || _chance.Next(2) == 0)) Stop();
            }
        }
        catch (DiskException) when (IsPowerGone)
        {
            // Whatever was under way was not acknowledged.
        }

        End();
    }

    private bool Open()
    {
        // A start that is interrupted may have removed the marker, or not yet.
        var wasStopped = _wasStopped;
        _wasStopped = false;
        if (seen.Story is { } story) _memory.Fault = (operation, path) => Tell(story, operation, path);
        _disk = new LogDisk(wrap?.Invoke(_memory) ?? _memory, _clock);
        _folder = DataFolder.Open(_disk, TestFolder.Path, new DataFolderOptions
        {
            ClusterId = TestFolder.Cluster, NodeId = 1, Owner = "simulation", Chance = _chance, Parallelism = 1, HasFlusherThread = false,
        });
        var opened = _folder.OpenLogs([.. _hosted.Values.Select(Hosted)]);
        if (IsPowerGone) return false;
        Check(opened, wasStopped);
        _isStopping = false;
        _folder.EpochsRaised();
        Delete([.. _deleting]);
        return true;
    }

    private static DiskFault? Tell(List<string> story, DiskOperation operation, string path)
    {
        story.Add($"  {operation} {path}");
        return null;
    }

    private HostedLog Hosted(ExpectedLog log) => new(log.Name, log.TopicId, _settings);

    private void Check(FolderOpening opened, bool wasStopped)
    {
        var isClean = _folder!.EpochAtStop is not null;
        if (isClean && !_isStopping) throw new InvalidDataException("an orderly stop, where there was none");
        if (wasStopped && !isClean) throw new InvalidDataException("no orderly stop, where there was one");
        if (isClean) seen.Note("clean start");
        foreach (var note in opened.Notes)
        {
            seen.Note($"row {note.Row}");
            if (!s_expected.Contains(note.Row) || (isClean && note.Row != RecoveryRow.W8)) throw new InvalidDataException($"{note.Row}: {note.Message}");
        }

        foreach (var log in opened.Logs)
        {
            if (log.Log is null) throw new InvalidDataException(log.OfflineReason);
            _hosted[log.Hosted.Name].Check(log.Log, isWhole: isClean);
        }

        foreach (var log in _deleted)
        {
            if (IsThere(log)) throw new InvalidDataException($"{log.Name} ({log.TopicId}) was deleted, and is back");
        }
    }

    private bool IsThere(LogIdentity log)
    {
        try
        {
            return PartitionMetadata.Read(_memory, $"{TestFolder.Path}/{log.Name}/{PartitionMetadata.FileName}")?.TopicId == log.TopicId;
        }
        catch (DamagedFileException)
        {
            // Of one that was never made to its end.
            return false;
        }
    }

    private void Step()
    {
        _clock.Milliseconds += _chance.Next(10);
        switch (_chance.Next(20))
        {
            case 0: Create(_chance.Next(1, Names)); break;
            case 1: Delete([.. _hosted.Values.Where(_ => _chance.Next(6) == 0).Select(static log => log.Identity)]); break;
            case 2: Recreate(); break;
            case 3: WithAny((log, open) => log.Truncate(open, open.EndOffset - _chance.Next(8)), "truncation"); break;
            case 4: WithAny((log, open) => log.StartAt(open, open.EndOffset + _chance.Next(20)), "start anew"); break;
            case 5: WithAny((log, open) => log.DeleteRecords(_folder!, open, open.StartOffset + _chance.Next(10)), "records deleted"); break;
            case 6: WithAny((_, open) => open.RemoveExpired(open.DurableOffset), "retention"); break;
            case 7: Tick(); break;
            case 8 when _chance.Next(3) == 0: FillDisk(); break;
            default: Append(); break;
        }
    }

    private void Create(int count)
    {
        var made = new List<ExpectedLog>();
        for (var i = 0; i < count; i++)
        {
            var name = new PartitionName("orders", _chance.Next(Names));
            // The topic's record is written before its logs are made.
            if (_hosted.ContainsKey(name)) continue;
            var log = new ExpectedLog(name, new Uuid(1, ++_topics));
            _hosted.Add(name, log);
            made.Add(log);
        }

        // And those whose making did not succeed are tried again.
        made.AddRange(_hosted.Values.Where(log => !log.IsMade && !made.Contains(log)));
        foreach (var log in _folder!.CreateLogs([.. made.Select(Hosted)]))
        {
            if (log.Log is not null) _hosted[log.Hosted.Name].IsMade = true;
            seen.Note(log.Log is null ? "not made" : "made");
        }
    }

    private void Delete(List<LogIdentity> logs)
    {
        foreach (var log in logs)
        {
            // The topic's record goes first.
            if (_hosted.TryGetValue(log.Name, out var hosted) && hosted.TopicId == log.TopicId) _hosted.Remove(log.Name);
            _deleting.Add(log);
        }

        try
        {
            _folder!.DeleteLogs(logs);
        }
        catch (DiskException full) when (full.Fault == DiskFault.Full)
        {
            seen.Note("not deleted");
            return;
        }

        foreach (var log in logs)
        {
            _deleting.Remove(log);
            _deleted.Add(log);
            seen.Note("deleted");
        }
    }

    private void Recreate()
    {
        if (_hosted.Count == 0) return;
        var old = _hosted.Values.ElementAt(_chance.Next(_hosted.Count));
        _hosted[old.Name] = new ExpectedLog(old.Name, new Uuid(1, ++_topics));
        Delete([old.Identity]);
        Create(0);
    }

    private void WithAny(Action<ExpectedLog, PartitionLog> step, string what)
    {
        foreach (var log in _hosted.Values)
        {
            if (_chance.Next(3) > 0 || _folder!.Find(log.Name) is not { Fault: null } open) continue;
            try
            {
                step(log, open);
                seen.Note(what);
            }
            catch (DiskException full) when (full.Fault == DiskFault.Full)
            {
                seen.Note("disk full");
            }
        }
    }

    private void Append()
    {
        for (var batches = _chance.Next(1, 4); batches > 0; batches--)
            WithAny((log, open) => log.Append(open, $"value {++_values}", _clock.Milliseconds), "append");
        if (_chance.Next(3) == 0) return;
        RunFlusher();
    }

    private void RunFlusher()
    {
        while (_disk.Flusher.RunRound())
        {
        }

        foreach (var log in _hosted.Values)
        {
            if (_folder!.Find(log.Name) is { } open) log.Acknowledge(open);
        }
    }

    private void Tick()
    {
        _clock.Milliseconds += _chance.Next(70_000);
        _folder!.Tick();
        if (_folder.LastFailure is not null) seen.Note("saved later");
    }

    private void FillDisk() => _memory.Capacity = _chance.Next(2) == 0 ? long.MaxValue : _memory.Capacity - _memory.FreeSpace("") + _chance.Next(3_000);

    private void Stop()
    {
        _memory.Capacity = long.MaxValue;
        _isStopping = true;
        var closing = _folder!.Close(_chance.Next(100));
        if (closing.WasInOrder) _wasStopped = true;
        seen.Note(closing.WasInOrder ? "stop" : "disorderly stop");
    }

    private void End()
    {
        if (IsPowerGone)
        {
            seen.Note("power failure");
            _memory = _memory.AfterCrash(_chance);
        }
        else
        {
            if (!_isStopping) seen.Note("kill");
            _folder?.Dispose();
            // What the kill left in the page cache may come to the disk, or meet a power failure all the same.
            if (_chance.Next(2) == 0) _memory = _memory.AfterCrash(_chance);
        }

        _memory.Capacity = long.MaxValue;
    }
}
