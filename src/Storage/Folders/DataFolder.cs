using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Moving;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>
/// One disk's folder with all its logs: who may open it, what is opened and how, what is made, deleted and written down,
/// and whether it was closed in order. Any thread may call it; the logs have writers and readers of their own.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly Lock _changing = new();
    private readonly LogDisk _disk;
    private readonly DataFolderOptions _options;
    private readonly FolderLock _lock;
    private readonly MetaProperties _meta;
    private readonly CleanShutdownMarker _marker;
    private readonly FolderCheckpoints _checkpoints;
    private readonly LogCreation _creation;
    private readonly LogDeletion _deletion;
    private readonly List<RecoveryNote> _notes = [];
    private RememberedLogs? _remembered;
    private FlusherThread? _thread;
    private bool _areLogsOpen;
    private bool _mustRaiseEpochs;
    private bool _isClosed;

    private DataFolder(LogDisk disk, string path, DataFolderOptions options, FolderLock held, MetaProperties meta)
    {
        _disk = disk;
        _options = options;
        _lock = held;
        _meta = meta;
        Path = path;
        _marker = new CleanShutdownMarker(disk.Files, System.IO.Path.Combine(path, CleanShutdownMarker.FileName));
        _checkpoints = new FolderCheckpoints(disk.Files, path);
        _creation = new LogCreation(disk, path, _checkpoints, options.Chance);
        _deletion = new LogDeletion(disk.Files, path, _checkpoints, options.Chance);
        Handover = new LogHandover(_changing, disk, path, _checkpoints, _deletion, options.Chance);
    }

    public string Path { get; }

    public string ClusterId => _meta.ClusterId;

    public int NodeId => _meta.NodeId;

    public Uuid DirectoryId => _meta.DirectoryId!.Value;

    /// <summary>For logs that go to another folder, and come from one.</summary>
    public LogHandover Handover { get; }

    /// <summary>The broker's epoch at the last stop, where that was an orderly one; null otherwise.</summary>
    public long? EpochAtStop { get; private set; }

    /// <summary>Where the logs may keep fewer files open than they were to.</summary>
    public string? OpenFilesWarning { get; private set; }

    /// <summary>Why a checkpoint, or the end of a deletion, waits for another tick; null while all is well.</summary>
    public DiskException? LastFailure => _checkpoints.LastFailure ?? _deletion.LastFailure;

    /// <summary>Takes the folder: makes it where it is new, refuses what is not ours, and finds out how it was left.</summary>
    /// <exception cref="FolderRefusedException">It is in use, another's, or of another format; nothing was changed.</exception>
    /// <exception cref="DamagedFileException">Its meta.properties cannot be read; nothing was changed.</exception>
    /// <exception cref="DiskException">The disk failed, or the system lets the process have too few files.</exception>
    public static DataFolder Open(LogDisk disk, string path, DataFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(options);
        var files = OpenFileBudget.Fit(disk, path, options.OpenFileLimit, out var warning);
        var identity = new FolderIdentity(disk.Files, path, options);
        // Before the lock, too: a folder that is refused does not even get a lock's file.
        if (identity.Check() is null) DurableFolder.Ensure(disk.Files, path);
        var held = FolderLock.Take(disk.Files, path, options.Owner);
        try
        {
            var meta = identity.Establish(out var isNew);
            var folder = new DataFolder(disk, path, options, held, meta) { OpenFilesWarning = warning };
            disk.OpenFiles.Limit = files;
            if (!isNew) folder.TakeMarker();
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the logs of all partitions that are to be here, once. Where one asks for it by its
    /// <see cref="PartitionLog.LowestEpoch"/>, its partition's leader epoch is to be raised, durably, before its first append.
    /// </summary>
    /// <param name="hosted">Those that are to be here.</param>
    /// <param name="undecided">Others, of which a copy here may be all there is: it is not touched.</param>
    /// <exception cref="DiskException">The folder itself cannot be read.</exception>
    public FolderOpening OpenLogs(IReadOnlyList<HostedLog> hosted, IReadOnlySet<PartitionName>? undecided = null)
    {
        ArgumentNullException.ThrowIfNull(hosted);
        EnsureUsable(hosted);
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_areLogsOpen) throw new InvalidOperationException($"the logs of {Path} are open already; new ones are made by {nameof(CreateLogs)}");
            var opening = new LogOpening(_disk, Path, _checkpoints, _creation, _options.Chance, _options.Parallelism, EpochAtStop is not null, _notes);
            var opened = opening.Run(hosted, undecided ?? new HashSet<PartitionName>());
            _deletion.Finish(opening.Leaving);
            foreach (var log in _checkpoints.Logs) _mustRaiseEpochs |= log.LowestEpoch > Math.Max(0, log.Epochs.Latest?.Epoch ?? 0);
            _disk.SaveRecoveryPoints = _checkpoints.SaveRecoveryPoints;
            _disk.SaveStartOffsets = _checkpoints.SaveStartOffsets;
            _disk.Flusher.RecoveryPointsMoved = _checkpoints.RecoveryPointsMoved;
            if (_options.HasFlusherThread) _thread = new FlusherThread(_disk.Flusher, $"flusher of {Path}");
            _areLogsOpen = true;
            return new FolderOpening(opened, _notes);
        }
    }

    /// <summary>
    /// Says that every leader epoch that was to be raised has been, durably. Until then the folder is not closed in order:
    /// the next start would take the old epochs for good.
    /// </summary>
    public void EpochsRaised()
    {
        lock (_changing) _mustRaiseEpochs = false;
    }

    /// <summary>Makes logs; those that are open when it returns are there after every crash.</summary>
    /// <returns>Each of them, with a reason where it could not be made. One that is open already is given as it is.</returns>
    public IReadOnlyList<OpenedLog> CreateLogs(IReadOnlyList<HostedLog> hosted)
    {
        ArgumentNullException.ThrowIfNull(hosted);
        EnsureUsable(hosted);
        lock (_changing)
        {
            EnsureOpen();
            var pending = new List<PendingLog>(hosted.Count);
            foreach (var log in hosted) pending.Add(Begin(log));
            var made = pending.FindAll(static log => !log.IsDecided);
            _creation.Run(made);
            PendingLog.Flush(_disk.Files, Path, made);
            _creation.Commit(made);
            return pending.ConvertAll(static log => log.Outcome);
        }
    }

    /// <summary>
    /// Deletes logs, durably: they do not come back. Who holds a slice of one reads on; its files go with a later tick.
    /// Their writers must have stopped. One that is not there, or is another topic's by now, is no fault.
    /// </summary>
    /// <exception cref="DiskException">Some are not deleted, or not durably; the same call again goes on with it.</exception>
    public void DeleteLogs(IReadOnlyCollection<LogIdentity> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        lock (_changing)
        {
            EnsureOpen();
            _deletion.Run(logs);
        }
    }

    /// <summary>
    /// Whether the folder has had the partition's log, or may have: its recovery points name it, or cannot be read. Asked
    /// before the logs are opened, where the partition is in no folder.
    /// </summary>
    public bool MayHaveHad(PartitionName name)
    {
        lock (_changing)
        {
            _remembered ??= RememberedLogs.Read(_disk.Files, Path);
            return _remembered.MayHave(name);
        }
    }

    /// <summary>The partition's log; null where it is offline or not here.</summary>
    public PartitionLog? Find(PartitionName name) => _checkpoints.Find(name)?.Log;

    /// <summary>
    /// Brings the start offsets of all logs to disk, as deleting records needs it before it is answered. One call at a time
    /// writes, and those that wait for it find their work done.
    /// </summary>
    /// <exception cref="DiskException">They are not saved; another call, or a tick, tries again.</exception>
    public void SaveStartOffsets() => _checkpoints.SaveStartOffsets();

    /// <summary>Brings to disk how far each log is compacted.</summary>
    /// <exception cref="DiskException">It is not saved; another call, or a tick, tries again.</exception>
    public void SaveCompacted() => _checkpoints.SaveCompacted();

    /// <summary>
    /// What the clock asks for: logs to be kept, checkpoints that could wait, files of deleted logs. Called every second or
    /// so; there is no timer for a partition.
    /// </summary>
    public void Tick()
    {
        foreach (var log in _checkpoints.Logs)
        {
            if (log.IsHouseKeepingDue) _options.KeepHouse(log);
        }

        _checkpoints.Tick();
        _deletion.GoOn();
    }

    /// <summary>
    /// Closes everything; the writers must have stopped. Says that it was in order only where every log was opened, and is
    /// on disk to its end.
    /// </summary>
    public FolderClosing Close(long brokerEpoch)
    {
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var obstacles = new List<string>();
            if (!_areLogsOpen) obstacles.Add($"the logs of {Path} were not opened");
            if (_mustRaiseEpochs) obstacles.Add("the last stop was not an orderly one, and the leaders' epochs were not raised since");
            StopFlusher();
            LogClosing.Run(_disk, _checkpoints, obstacles);
            if (obstacles.Count == 0) WriteMarker(brokerEpoch, obstacles);
            Release();
            return new FolderClosing(obstacles);
        }
    }

    /// <summary>Lets go of everything as it is, where it was not closed: the next start is one after a crash.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            if (_isClosed) return;
            StopFlusher();
            Release();
        }
    }

    private static void EnsureUsable(IReadOnlyList<HostedLog> hosted)
    {
        var names = new HashSet<PartitionName>(hosted.Count);
        foreach (var log in hosted)
        {
            log.EnsureUsable();
            if (!names.Add(log.Name)) throw new ArgumentException($"{log.Name} twice", nameof(hosted));
        }
    }

    private void EnsureOpen()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_areLogsOpen) throw new InvalidOperationException($"the logs of {Path} are not open yet: {nameof(OpenLogs)} comes first");
    }

    private PendingLog Begin(HostedLog hosted)
    {
        var pending = new PendingLog(hosted);
        if (_checkpoints.Find(hosted.Name) is not { Hosted: { } there } place) return pending;
        if (there.TopicId != hosted.TopicId) pending.Offline($"{hosted.Name} could not be made: the log of topic {there.TopicId}, which had the name before, is to be deleted first");
        else if (place.Log is { } log) pending.Found(log);
        else pending.Offline(place.OfflineReason!);
        return pending;
    }

    /// <summary>A crash from here on must not find it.</summary>
    private void TakeMarker()
    {
        var message = $"{Path} was not closed in order: its logs are recovered from their recovery points";
        try
        {
            EpochAtStop = _marker.Read();
        }
        catch (DamagedFileException damaged)
        {
            message = $"{message}; {damaged.Message}";
        }

        if (EpochAtStop is null) _notes.Add(new RecoveryNote(RecoveryRow.W5, Path, message));
        _marker.Delete();
    }

    private void WriteMarker(long brokerEpoch, List<string> obstacles)
    {
        try
        {
            _marker.Write(brokerEpoch);
        }
        catch (DiskException failure)
        {
            obstacles.Add(failure.Message);
        }
    }

    private void StopFlusher()
    {
        _thread?.Dispose();
        _thread = null;
    }

    private void Release()
    {
        _isClosed = true;
        foreach (var log in _checkpoints.Logs) log.Release();
        _lock.Dispose();
    }
}
