using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Moldau.Storage.Folders;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Logs;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>
/// Lives of one data folder on one disk: random work on its logs by several hands at once, until the power goes or the
/// process is killed at a random operation, or it stops in order; then everything is asked, and the next life begins.
/// </summary>
/// <param name="seed">Everything random follows from it.</param>
/// <param name="seen">Takes what was come upon.</param>
/// <param name="wrap">A faulty disk around the sound one, to be noticed.</param>
internal sealed class LogSimulation(int seed, Happenings seen, Func<IFileSystem, IFileSystem>? wrap = null)
{
    private const int Lives = 7;
    private const int StepsALife = 45;
    private const int Depth = 2;

    private readonly Random _chance = new(seed);
    private readonly ManualClock _clock = new();
    private readonly List<SimulatedLog> _logs = [];
    private readonly FactModel _fact = new();
    private MemoryFileSystem _disk = new();
    private ProcessDisk _process = null!;
    private SimulatedBroker? _broker;
    private bool _isWorking;
    private bool _isFlushing;
    private bool _isWritingFact;
    private int _depth;
    private long _failsAt;
    private long _deniesAt;
    private bool _wasClosed;
    private bool _disturbed;
    private bool _owesFaults;

    private bool HasPower => _disk.Operations <= _disk.StopsAfter;

    public void Run()
    {
        var count = _chance.Next(1, 5);
        for (var i = 0; i < count; i++) _logs.Add(new SimulatedLog(SimulatedTopic.Random(i, _chance), _chance, () => _clock.Milliseconds));
        for (var life = 0; life < Lives; life++) Live();
        _disk.Capacity = long.MaxValue;
        (_failsAt, _deniesAt) = (long.MaxValue, long.MaxValue);
        // Whatever the last lives left the disk owing.
        _disk = _disk.AfterCrash(_chance);
        foreach (var log in _logs) log.Model.PowerLost();
        _owesFaults = false;
        Begin(long.MaxValue, long.MaxValue);
        if (!TryOpen()) throw new BrokenGuaranteeException("a sound disk with room, and it does not open");
        if (!_logs.TrueForAll(static log => log.IsOpen)) throw new BrokenGuaranteeException("a sound disk with room, and a log does not open");
        foreach (var log in _logs) new LogChecker(log.Log, log.Model, _chance).Check();
    }

    private void Live()
    {
        _failsAt = _chance.Next(4) == 0 ? _chance.Next(150) : long.MaxValue;
        _deniesAt = _chance.Next(6) == 0 ? _chance.Next(150) : long.MaxValue;
        var end = _chance.Next(10);
        Begin(end < 4 ? Soon() : long.MaxValue, end == 4 ? Soon() : long.MaxValue);
        var closed = false;
        try
        {
            if (TryOpen())
            {
                _isWorking = true;
                for (var step = 0; step < StepsALife && HasPower; step++) Step();
                _isWorking = false;
                if (end > 6 && HasPower) closed = TryClose();
            }
        }
        catch (ProcessDiedException)
        {
            seen.Note("killed in a step");
        }

        End(closed, losesPower: end == 5);
    }

    /// <summary>Often within a start, which takes few operations.</summary>
    private int Soon() => _chance.Next(_chance.Next(3) == 0 ? 25 : 300);

    private void Begin(long powerFor, long livesFor)
    {
        var operations = 0L;
        _disk.StopsAfter = powerFor == long.MaxValue ? long.MaxValue : _disk.Operations + powerFor;
        _disk.Fault = (operation, _) => operations++ == _failsAt ? Fault(operation) : null;
        _process = new ProcessDisk(wrap?.Invoke(_disk) ?? _disk) { DiesAt = livesFor, Before = Between, After = Behind };
        (_isWorking, _isFlushing, _isWritingFact, _depth, _broker) = (false, false, false, 0, null);
        _disturbed = powerFor != long.MaxValue || _failsAt != long.MaxValue || _deniesAt != long.MaxValue || _owesFaults;
    }

    private DiskFault Fault(DiskOperation operation)
    {
        seen.Note($"failed {operation}");
        // Each file that lost something tells it to whoever flushes it next, in whatever process.
        _owesFaults |= operation == DiskOperation.FlushDisk;
        return (DiskFault)(_chance.Next(3) switch { 0 => (int)DiskFault.Full, 1 => (int)DiskFault.Denied, _ => (int)DiskFault.Failed });
    }

    private bool TryOpen()
    {
        var reads = new List<string>();
        _process.WasRead = path =>
        {
            if (path.EndsWith(".log", StringComparison.Ordinal)) reads.Add(path);
        };
        var witnesses = _logs.ConvertAll(log => new CutWitness(_disk, Path.Combine(SimulatedBroker.Path, log.Topic.Name)));
        try
        {
            _broker = SimulatedBroker.Open(_process, _clock, _logs.ConvertAll(static log => log.Topic), _chance, KeepHouse);
        }
        catch (Exception failure) when (failure is DiskException or FolderRefusedException)
        {
            if (!_disturbed && _disk.Capacity == long.MaxValue) throw new BrokenGuaranteeException($"it does not open: {failure}");
            seen.Note(HasPower ? "did not open" : "power lost in a start");
            _wasClosed = false;
            return false;
        }

        // What happens to one log is told as that log's fault, also where it happens to all.
        if (_process.IsDead) throw new ProcessDiedException();
        if (!HasPower)
        {
            seen.Note("power lost in a start");
            _wasClosed = false;
            return false;
        }

        foreach (var witness in witnesses) seen.Note("cut at a start", witness.Check(_broker.Notes));
        CheckNotes(_broker.Notes);
        _process.WasRead = null;
        if (_wasClosed) CheckOrderly(_broker, reads);
        for (var i = 0; i < _logs.Count; i++) Take(_logs[i], i);
        if (_logs.TrueForAll(static log => !log.IsOpen || log.Topic.IsFollower || log.Epoch is not null)) _broker.Folder.EpochsRaised();
        _fact.Check(_broker.Facts);
        _wasClosed = false;
        return true;
    }

    private void CheckNotes(IReadOnlyList<RecoveryNote> notes)
    {
        foreach (var note in notes)
        {
            seen.Note($"row {note.Row}");
            seen.Story?.Add(note.Message);
            if (note.Row is RecoveryRow.C1 or RecoveryRow.C2 or RecoveryRow.T6 or RecoveryRow.F5 or RecoveryRow.F7 or RecoveryRow.W7 or RecoveryRow.W9)
                throw new BrokenGuaranteeException($"a crash looks like damage: {note.Row}, {note.Message}");
        }
    }

    private void CheckOrderly(SimulatedBroker broker, List<string> reads)
    {
        seen.Note("opened after an orderly stop");
        if (broker.Folder.EpochAtStop is null) throw new BrokenGuaranteeException("an orderly stop is taken for a crash");
        if (broker.Notes.Count > 0) throw new BrokenGuaranteeException($"after an orderly stop: {broker.Notes[0].Message}");
        for (var i = 0; i < _logs.Count; i++)
        {
            if (broker.Logs[i].Log is not { } log || !_logs[i].WasClosed) continue;
            if (reads.Exists(path => path.Contains(log.Name, StringComparison.Ordinal))) throw new BrokenGuaranteeException($"{log.Name}: batches are read after an orderly stop");
            var model = _logs[i].Model;
            if (log.LowestEpoch > Math.Max(0, model.HighestTriedEpoch)) throw new BrokenGuaranteeException($"{log.Name}: epoch {log.LowestEpoch} after an orderly stop, {model.HighestTriedEpoch} before");
            if (log.StartOffset != model.Start) throw new BrokenGuaranteeException($"{log.Name}: starts at {log.StartOffset} after an orderly stop, {model.Start} before");
        }
    }

    private void Take(SimulatedLog log, int place)
    {
        if (_broker!.Logs[place].Log is not { } opened)
        {
            seen.Note("offline");
            seen.Story?.Add(_broker.Logs[place].OfflineReason!);
            if (!_disturbed && _disk.Capacity == long.MaxValue) throw new BrokenGuaranteeException(_broker.Logs[place].OfflineReason!);
            return;
        }

        log.Model.Found(opened.StartOffset, opened.EndOffset, LogReader.ReadAll(opened, _chance));
        log.Opened(opened);
        new LogChecker(opened, log.Model, _chance).Check();
        opened.DurableMoved = _ => Observe();
        log.Epoch = log.Topic.IsFollower ? null : _broker.Lead(opened, _chance.Next(4) == 0);
    }

    private void KeepHouse(PartitionLog due) => _logs.Find(log => log.IsOpen && log.Log == due)?.KeepHouse();

    private void Observe()
    {
        if (!HasPower || _process.IsDead) return;
        foreach (var log in _logs) log.Observe();
    }

    private void Step()
    {
        switch (_chance.Next(20))
        {
            case 0 or 1 or 2 or 3:
                Flush();
                break;
            case 4 when !_isWritingFact:
                _isWritingFact = true;
                seen.Note(_fact.Put(_broker!.Facts));
                _isWritingFact = false;
                break;
            case 5:
                _clock.Milliseconds += _chance.Next(4) == 0 ? 30_000 : 1500;
                break;
            case 6 when _depth == 0:
                _disk.Capacity = _chance.Next(3) > 0 ? long.MaxValue : _disk.Capacity - _disk.FreeSpace("") + _chance.Next(3000);
                break;
            case 7 when _depth == 0:
                SaveStarts();
                break;
            case 8:
                Read();
                break;
            case 9 when _depth == 0:
                _broker!.Folder.Tick();
                seen.Note("tick");
                break;
            default:
                Work();
                break;
        }

        // Whatever became of the step: where a task is told of it that nobody asks, it ends here.
        if (_process.IsDead) throw new ProcessDiedException();
        Observe();
    }

    private void Flush()
    {
        if (_isFlushing) return;
        _isFlushing = true;
        if (_broker!.Disk.Flusher.RunRound()) seen.Note("round");
        _isFlushing = false;
    }

    private void Work()
    {
        var log = _logs[_chance.Next(_logs.Count)];
        if (log.IsBusy || !log.IsOpen) return;
        try
        {
            var did = log.Act();
            seen.Note(did);
            seen.Story?.Add($"{did} in {log.Topic.Name}: {log.Log.StartOffset}, durable {log.Log.DurableOffset}, end {log.Log.EndOffset}");
            if (did is "DiskFull" or "DiskFailed" or "Offline" && !_disturbed && _disk.Capacity == long.MaxValue && log.Log.Fault is null)
                throw new BrokenGuaranteeException($"{log.Topic.Name}: {did} on a sound disk with room; {log.Log.LastFailure?.Message}");
        }
        catch (DiskException failure)
        {
            log.Failed();
            seen.Note("refused");
            if (!_disturbed && _disk.Capacity == long.MaxValue) throw new BrokenGuaranteeException($"{log.Topic.Name}: {failure} on a sound disk with room");
        }
    }

    private void Read()
    {
        var log = _logs[_chance.Next(_logs.Count)];
        if (log.IsBusy || !log.IsOpen) return;
        if (log.IsChanging)
        {
            // Whatever it says, it says it: nobody reads for ever.
            try
            {
                log.Log.Read(_chance.NextInt64(log.Log.EndOffset + 1), 100, long.MaxValue).Slice.Dispose();
                log.Log.FindMaxTimestamp();
                log.Log.CollectAborted(0, log.Log.EndOffset, []);
            }
            catch (DiskException)
            {
                seen.Note("nothing to read while it is cut");
            }

            return;
        }

        new LogChecker(log.Log, log.Model, _chance).CheckRead(_chance.Next(2) == 0 ? log.Log.DurableOffset : long.MaxValue);
        seen.Note("read");
    }

    private void SaveStarts()
    {
        try
        {
            _broker!.Folder.SaveStartOffsets();
            if (HasPower) foreach (var log in _logs) if (log.IsOpen) log.Model.SavedStart = log.Log.StartOffset;
            seen.Note("starts saved");
        }
        catch (DiskException)
        {
            seen.Note("starts not saved");
        }
    }

    private bool TryClose()
    {
        try
        {
            var closed = _broker!.Close();
            seen.Note(closed ? "closed in order" : "not closed in order");
            return closed && HasPower;
        }
        catch (DiskException)
        {
            seen.Note("not closed in order");
            return false;
        }
    }

    private void End(bool closed, bool losesPower)
    {
        if (!_process.IsDead) _process.Die();
        foreach (var log in _logs) log.Closed(closed);
        _wasClosed = closed;
        _disk.Fault = null;
        if (!HasPower || losesPower || (closed && _chance.Next(2) == 0))
        {
            seen.Note(closed ? "power lost behind an orderly stop" : "power lost");
            _disk = _disk.AfterCrash(_chance);
            _owesFaults = false;
            foreach (var log in _logs) log.Model.PowerLost();
        }
        else
        {
            seen.Note(closed ? "stopped" : "killed");
        }

        _disk.StopsAfter = long.MaxValue;
        if (_chance.Next(2) == 0) _disk.Capacity = long.MaxValue;
    }

    private void Between(DiskOperation operation, string path)
    {
        seen.Story?.Add($"  {operation} {path}");
        if (operation == DiskOperation.Create && path.EndsWith(".log", StringComparison.Ordinal)) seen.Note("segment made");
        Act(operation, path);
    }

    /// <summary>Others act while somebody waits for the disk.</summary>
    private void Act(DiskOperation operation, string path)
    {
        if (!_isWorking || _depth >= Depth || IsUnderLock(operation, path) || _chance.Next(10) > 0) return;
        _depth++;
        seen.Note("others acted in between");
        try
        {
            Step();
        }
        finally
        {
            _depth--;
        }
    }

    private void Behind(DiskOperation operation, string path)
    {
        Act(operation, path);
        // Who makes a file and gets no handle of it is told that it was not made.
        if (_process.Operations < _deniesAt || operation == DiskOperation.Create) return;
        _deniesAt = long.MaxValue;
        seen.Note($"denied {operation}");
        throw new DiskException(DiskFault.Failed, operation.ToString(), path, "done, and told as failed");
    }

    /// <summary>What is written under a lock that all share is waited for by the others.</summary>
    private static bool IsUnderLock(DiskOperation operation, string path) =>
        operation != DiskOperation.FlushDisk && (path == SimulatedBroker.Path || Path.GetDirectoryName(path) == SimulatedBroker.Path);
}
