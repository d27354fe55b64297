using Moldau.Protocol.Primitives;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Moving;

/// <summary>
/// A log on its way into another data folder: made there as a copy while it is served where it is, and then put in its
/// place. docs/internals/moving.md has the steps, and what a start finds after each. One thread at a time.
/// </summary>
public sealed class LogCopy
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly LogDisk _disk;
    private readonly PartitionLog _from;
    private readonly Uuid _fromDirectory;
    private CopySource? _source;
    private TailCopy? _tail;
    private PartitionLog? _log;
    private long _bytes;
    private long _endOffset;

    /// <param name="disk">Of the data folder it goes to.</param>
    /// <param name="dataFolder">Its path.</param>
    /// <param name="making">What the copy's folder is called until all that is closed is in it.</param>
    /// <param name="hosted">Whose log it is.</param>
    /// <param name="from">The log.</param>
    /// <param name="fromDirectory">The id of the data folder that has it.</param>
    internal LogCopy(LogDisk disk, string dataFolder, string making, HostedLog hosted, PartitionLog from, Uuid fromDirectory)
    {
        _disk = disk;
        _from = from;
        _fromDirectory = fromDirectory;
        Hosted = hosted;
        DataFolder = dataFolder;
        Making = Path.Combine(dataFolder, making);
        Folder = Path.Combine(dataFolder, hosted.Name.ToString());
    }

    public HostedLog Hosted { get; }

    /// <summary>The copy, once it can take appends.</summary>
    public PartitionLog? Log => Volatile.Read(ref _log);

    /// <summary>How many bytes of segments are copied. From any thread, as the next.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Below it everything is copied.</summary>
    public long EndOffset => Log?.EndOffset ?? Volatile.Read(ref _endOffset);

    /// <summary>What is still to be copied, in offsets.</summary>
    public long Lag => Math.Max(0, _from.EndOffset - EndOffset);

    internal string DataFolder { get; }

    internal string Making { get; }

    internal string Folder { get; }

    /// <summary>As the writer of the log: what there is of it by now changes no more. Compaction and retention keep away from then on.</summary>
    /// <exception cref="IOException">The log has failed, or its disk has no room.</exception>
    public void Begin()
    {
        _source = CopySource.Take(_from);
        Volatile.Write(ref _endOffset, _from.StartOffset);
    }

    /// <summary>Copies all that is closed, durably, and opens the copy.</summary>
    /// <exception cref="IOException">One of the disks has failed; the log is as it was.</exception>
    public void CopyClosed(CancellationToken stop)
    {
        var (source, files) = (_source!, _disk.Files);
        if (files.FolderExists(Folder)) throw new CopyEndedException($"{Folder} is there already; look at what it holds, and move it away");
        files.CreateFolder(Making);
        new ClosedFiles(source, files, Making, stop) { Copied = Count }.Run(Hosted.TopicId);
        MovingMark.Write(files, Making, _fromDirectory);
        files.FlushFolder(Making);
        // Never without its mark under this name.
        files.Rename(Making, Folder);
        files.FlushFolder(DataFolder);
        var request = new LogLoadRequest(source.End, source.StartOffset, WasClosed: true, source.CompactedUpTo, _from.Settings, HadSegment: true, ClosedLength: 0);
        var pending = new PendingLog(Hosted);
        pending.Loaded(LogLoader.Load(_disk, Folder, request, pending.Notes));
        PendingLog.Flush(files, DataFolder, [pending]);
        if (pending.Log is not { } log || log.EndOffset != source.End)
        {
            pending.Log?.Release();
            throw new CopyEndedException($"the copy {Folder} could not be opened: {pending.OfflineReason ?? "it does not end where its source did"}");
        }

        log.Opened();
        _tail = new TailCopy(source, log);
        Volatile.Write(ref _log, log);
    }

    /// <summary>Copies what was appended meanwhile.</summary>
    /// <returns>How many bytes that was.</returns>
    /// <exception cref="IOException">One of the disks has failed; the log is as it was.</exception>
    public long CatchUp(CancellationToken stop)
    {
        var copied = _tail!.Run(stop);
        Volatile.Write(ref _bytes, _bytes + copied);
        return copied;
    }

    /// <summary>As the writer of the log: the rest of it, and all of it on disk.</summary>
    /// <exception cref="IOException">One of the disks has failed; the log is as it was.</exception>
    public void Complete()
    {
        CatchUp(CancellationToken.None);
        _source!.EnsureUnchanged();
        var log = _log!;
        log.Settings = _from.Settings;
        log.MoveStart(_from.StartOffset);
        Flush(log);
    }

    internal void Release() => _log?.Release();

    private static void Flush(PartitionLog log)
    {
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.DurableMoved = told =>
        {
            if (told.FlushedOffset >= told.EndOffset || told.Fault is not null) moved.TrySetResult();
        };
        log.Flushing.Request(null);
        if (log.FlushedOffset < log.EndOffset && log.Fault is null && !moved.Task.Wait(s_patience))
            throw new CopyEndedException($"the copy {log.Folder} was not on disk within {s_patience.TotalSeconds} s");
        log.DurableMoved = null;
        if (log.Fault is { } fault) throw new CopyEndedException(fault.Reason);
    }

    private void Count(long bytes, long upTo)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _endOffset, Math.Max(_endOffset, upTo));
    }
}
