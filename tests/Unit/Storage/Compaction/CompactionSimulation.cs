using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Folders;
using Moldau.Unit.Storage.Logs;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>
/// Lives of one log on one disk: producers of all kinds, flushes, rolls, truncations, and passes of compaction, until the
/// power goes at a random operation of the disk, or the process restarts; then the next life on what is left. Now and then
/// the disk refuses something in the middle of a pass.
/// </summary>
/// <param name="seed">Of everything that is drawn.</param>
/// <param name="wrap">Puts a faulty disk in between.</param>
/// <param name="drops">What compaction drops that it must not; null where it is as it should be.</param>
internal sealed class CompactionSimulation(int seed, Func<IFileSystem, IFileSystem>? wrap = null, HastyFilter.Dropping? drops = null)
{
    private const int Lives = 7;
    private const int ActionsALife = 70;
    private const long DeleteRetention = 1000;
    private const long NoProducer = 5;

    private static readonly CompressionType[] s_codecs =
        [CompressionType.None, CompressionType.None, CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    private readonly Random _chance = new(seed);
    private readonly CompactionChecker _checker = new(DeleteRetention);
    private readonly LogSettings _settings = new()
    {
        SegmentBytes = 900, IndexIntervalBytes = 150, Compacts = true, Deletes = false, ProducerExpirationMilliseconds = long.MaxValue,
        Compaction = new CompactionSettings { DeleteRetention = DeleteRetention },
    };

    private MemoryFileSystem _memory = new();
    private readonly ManualClock _clock = new();
    private TestFolder _folder = null!;

    public Dictionary<string, int> Seen => _checker.Seen;

    private CompactionHistory History => _checker.History;

    private PartitionLog Log { get; set; } = null!;

    private int Epoch => Math.Max(Log.LowestEpoch, 0);

    private bool IsPowerGone => _memory.Operations > _memory.StopsAfter;

    private long LastStable => Math.Min(Log.DurableOffset, Log.Producers.FirstUnstableOffset ?? long.MaxValue);

    public void Run()
    {
        for (var life = 0; life < Lives; life++) Live();
        _memory.StopsAfter = long.MaxValue;
        Open();
        Check();
    }

    private void Live()
    {
        _memory.StopsAfter = long.MaxValue;
        if (_chance.Next(3) == 0) LoseSnapshots();
        _memory.StopsAfter = _chance.Next(4) > 0 ? _memory.Operations + _chance.Next(_chance.Next(2) == 0 ? 60 : 400) : long.MaxValue;
        try
        {
            Open();
            Check();
            for (var action = 0; action < ActionsALife && !IsPowerGone && Log.Fault is null; action++) Act();
            if (!IsPowerGone && Log.Fault is null && _chance.Next(2) == 0)
            {
                Note(_folder.Folder.Close(1).Obstacles.Count == 0 ? "closed" : "not closed");
                if (!IsPowerGone) return;
            }
        }
        catch (Exception) when (IsPowerGone)
        {
            // Whatever comes of it counts no more.
        }

        Note("crash");
        _memory = _memory.AfterCrash(_chance);
    }

    /// <summary>Whoever has not got them must find out about producers from what compaction has left.</summary>
    private void LoseSnapshots()
    {
        var log = $"{TestFolder.Path}/{TestFolder.Name(0)}";
        if (!_memory.FolderExists(log)) return;
        foreach (var entry in _memory.List(log))
        {
            if (ProducerSnapshotFiles.TryParse(entry.Name, out _)) _memory.DeleteFile($"{log}/{entry.Name}");
        }

        _memory.FlushFolder(log);
        _checker.SnapshotsAreLost();
        Note("snapshots lost");
    }

    private void Open()
    {
        _folder = new TestFolder(wrap?.Invoke(_memory) ?? _memory) { Clock = _clock, Settings = _settings };
        _folder.Open(_folder.Log(0));
        Log = _folder.Get(0);
        History.CutTo(Log.EndOffset);
        foreach (var note in _folder.Opened.Notes)
        {
            Note(note.Row.ToString());
            // What was never durable may be cut; below the recovery point nothing may be amiss.
            if (note.Row is RecoveryRow.C1 or RecoveryRow.C2 or RecoveryRow.T6 or RecoveryRow.F5 or RecoveryRow.W7 or RecoveryRow.W9) throw new InvalidDataException(note.Message);
        }

        Log.Producers.HighWatermarkMoved(Log.DurableOffset);
    }

    private void Check()
    {
        if (Log.Fault is not null || IsPowerGone) return;
        Log.Producers.HighWatermarkMoved(Log.DurableOffset);
        _checker.Check(Log, _clock.Milliseconds, Log.CompactedUpTo, LastStable);
    }

    private void Act()
    {
        _clock.Milliseconds += _chance.Next(30) == 0 ? 2 * DeleteRetention : _chance.Next(60);
        switch (_chance.Next(30))
        {
            case < 17:
                Produce();
                break;
            case < 21:
                _folder.Flush();
                Log.Producers.HighWatermarkMoved(Log.DurableOffset);
                break;
            case < 23:
                Log.Roll();
                break;
            case 23:
                Log.TryCheckpoint();
                _folder.Folder.Tick();
                break;
            case 24 when _chance.Next(3) == 0:
                Truncate();
                break;
            case 24 when _chance.Next(2) == 0:
                MoveStart();
                break;
            default:
                Compact();
                break;
        }
    }

    private void Produce()
    {
        // Most of the time one without a state, so that what is the last of another grows old.
        var producer = _chance.Next(5) < 3 ? NoProducer : _chance.NextInt64(NoProducer);
        var isOpen = Log.Producers.TryGet(producer, out var state) && state.InTransaction;
        if (isOpen && _chance.Next(2) == 0)
        {
            End(state!);
            return;
        }

        // Up to 2 in transactions, the others without, and now and then a new instance.
        var isTransactional = producer <= 2;
        var epoch = state?.Epoch ?? 0;
        var sequence = state is { } known && known.BatchCount > 0 ? known.NextSequence : 0;
        if (!isOpen && producer < NoProducer && _chance.Next(15) == 0) (epoch, sequence) = ((short)(epoch + 1), 0);
        VerificationGuard guard = default;
        if (isTransactional) Log.Producers.BeginVerification(producer, epoch, sequence, false, _clock.Milliseconds, out guard);
        var batch = Batch(producer < NoProducer ? new ProducerIdentity(producer, epoch, sequence) : ProducerIdentity.None, isTransactional);
        if (Log.Append(batch, Epoch, AppendOrigin.Client, guard).Outcome == AppendOutcome.Appended) History.Add(batch);
    }

    private void End(ProducerState transaction)
    {
        var marker = SampleBatch.Marker(Log.EndOffset, transaction.ProducerId, commits: _chance.Next(2) == 0, transaction.Epoch, _clock.Milliseconds);
        if (Log.AppendMarker(marker, Epoch, bumpsEpoch: false).Outcome == AppendOutcome.Appended) History.Add(marker);
    }

    private byte[] Batch(ProducerIdentity producer, bool isTransactional)
    {
        using var builder = new RecordBatchBuilder(s_codecs[_chance.Next(s_codecs.Length)]);
        var isKeyless = _chance.Next(12) == 0;
        for (var count = _chance.Next(1, _chance.Next(2, 6)); count > 0; count--)
        {
            OptionalBytes key = isKeyless || _chance.Next(25) == 0 ? OptionalBytes.Null : Text($"k{_chance.Next(_chance.Next(2) == 0 ? 6 : 60)}");
            OptionalBytes value = !key.IsNull && _chance.Next(4) == 0 ? OptionalBytes.Null : Text($"v{Log.EndOffset + builder.RecordCount}");
            builder.Append(_clock.Milliseconds + _chance.Next(-300, 300), key, value);
        }

        return builder.Finish(new BatchOptions
        {
            BaseOffset = Log.EndOffset,
            Producer = producer,
            IsTransactional = isTransactional,
            LogAppendTime = _chance.Next(10) == 0 ? _clock.Milliseconds : null,
        }).ToArray();
    }

    private void Truncate()
    {
        Log.TruncateTo(Log.DurableOffset + _chance.NextInt64(Log.EndOffset - Log.DurableOffset + 1));
        History.CutTo(Log.EndOffset);
        // A truncated log does not know which of its transactions have ended where a crash could undo it.
        _folder.Flush();
        Note("truncated");
    }

    private void MoveStart()
    {
        Log.MoveStart(_chance.NextInt64(LastStable + 1));
        History.Start = Log.StartOffset;
        _folder.Folder.SaveStartOffsets();
        Log.RemoveExpired(LastStable);
        Note("start moved");
    }

    private void Compact()
    {
        // Else there mostly is nothing that may be touched.
        if (_chance.Next(3) > 0)
        {
            foreach (var state in Log.Producers.Producers.ToArray())
            {
                if (state.InTransaction && _chance.Next(4) > 0) End(state);
            }

            Log.Roll();
            Log.TryCheckpoint();
            _folder.Flush();
            Log.Producers.HighWatermarkMoved(Log.DurableOffset);
        }

        if (_chance.Next(3) == 0)
        {
            var failing = _memory.Operations + _chance.Next(1, 40);
            _memory.Fault = (_, _) => _memory.Operations == failing ? _chance.Next(2) == 0 ? DiskFault.Full : DiskFault.Failed : null;
        }

        var options = new CleanerOptions { IoBufferBytes = _chance.Next(100, 1000), DedupeBufferBytes = OffsetMap.EntrySize * _chance.Next(1, 60), DedupeBufferLoad = 0.5 };
        _checker.PassBegins(_clock.Milliseconds);
        var pass = new LogCleaner(options, new Throttle(_clock), _chance, Wrap).RunAsync(Lent(), CancellationToken.None);
        if (!pass.IsCompleted) throw new InvalidDataException("a pass that waits");
        var result = pass.GetAwaiter().GetResult();
        _memory.Fault = null;
        Note(result.Outcome.ToString());
        if (result.Outcome == CleaningOutcome.Damaged) throw new InvalidDataException(result.Cause!.ToString());
        if (result.Outcome != CleaningOutcome.NothingToDo) Check();
    }

    private IBatchFilter Wrap(IBatchFilter filter) => drops is { } wrong ? new HastyFilter(filter, wrong) : filter;

    private CompactedLog Lent() => new(Log, () => LastStable, action =>
    {
        // The writer has other things to do. What a disk's fault makes of those is tested elsewhere.
        (var fault, _memory.Fault) = (_memory.Fault, null);
        if (_chance.Next(3) == 0) Produce();
        if (_chance.Next(20) == 0) Log.Roll();
        if (_chance.Next(30) == 0) Truncate();
        _memory.Fault = fault;
        // In the middle of a swap, often: that is where a crash finds the folder neither as it was nor as it will be.
        if (_chance.Next(20) == 0) _memory.StopsAfter = Math.Min(_memory.StopsAfter, _memory.Operations + _chance.Next(_chance.Next(2) == 0 ? 8 : 30));
        action();
        return Task.CompletedTask;
    });

    private static OptionalBytes Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private void Note(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}
