using System.Text;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Logs;

/// <summary>
/// One partition's log. It has one writer at a time (appends, rolls, truncation, retention, checkpoints), which is the
/// queue of the partition that owns it; reads come from any thread.
/// </summary>
public sealed class PartitionLog
{
    private readonly LogReading _reading;
    private readonly LogCheckpointing _checkpoints;
    private readonly LogAppending _appending;
    private IReadOnlyList<string> _damaged;
    private volatile SegmentList _segments;
    private volatile LogFault? _fault;
    private volatile LogSettings _settings;
    private volatile bool _isClosed;
    private DiskException? _lastFailure;
    private long _startOffset;
    private long _endOffset;

    internal PartitionLog(LoadedLog loaded, LogSettings settings)
    {
        Disk = loaded.Disk;
        Folder = loaded.Folder;
        Name = Path.GetFileName(loaded.Folder);
        Producers = loaded.Producers;
        Epochs = loaded.Epochs;
        Damage = loaded.Damage;
        _segments = loaded.Segments;
        _damaged = loaded.Damaged;
        _settings = settings;
        _startOffset = loaded.StartOffset;
        _endOffset = loaded.EndOffset;
        _checkpoints = new LogCheckpointing(this, loaded.Snapshots, loaded.RecoveryPoint, loaded.FirstUnsaved);
        LowestEpoch = loaded.LowestEpoch;
        CompactedUpTo = loaded.CompactedUpTo;
        var jitter = settings.SegmentJitterMilliseconds > 0 ? Crc32C.Compute(Encoding.UTF8.GetBytes(Name)) % settings.SegmentJitterMilliseconds : 0;
        _appending = new LogAppending(this, _checkpoints, jitter);
        var end = new LogMark(_endOffset, _segments.Last, _segments.Last.Length);
        Flushing = new LogFlushing(this, end, loaded.RecoveryPoint);
        _reading = new LogReading(this);
    }

    /// <summary>The folder's name: the topic and the partition's number.</summary>
    public string Name { get; }

    public string Folder { get; }

    public LogDisk Disk { get; }

    /// <summary>Belongs to the writer.</summary>
    public ProducerStates Producers { get; }

    public LeaderEpochCache Epochs { get; }

    /// <summary>What of the log is known to be damaged or gone.</summary>
    public LogDamageRanges Damage { get; }

    /// <summary>Appends of a lower leader epoch are refused: after an unclean stop offsets may be used again, and clients must notice.</summary>
    public int LowestEpoch { get; }

    public LogSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>Below it nothing can be read: by retention, or because somebody deleted records.</summary>
    public long StartOffset => Volatile.Read(ref _startOffset);

    /// <summary>The offset of the next record.</summary>
    public long EndOffset => Volatile.Read(ref _endOffset);

    /// <summary>Below it everything is as durable as <c>moldau.durability</c> asks for.</summary>
    public long DurableOffset => Flushing.Durable;

    /// <summary>Below it everything is on disk.</summary>
    public long FlushedOffset => Flushing.Flushed;

    /// <summary>Below it nothing needs to be looked at after a crash.</summary>
    public long RecoveryPoint => Flushing.RecoveryPoint;

    /// <summary>Why it takes no more appends; null while all is well.</summary>
    public LogFault? Fault => _fault;

    /// <summary>Of the last append that the disk refused.</summary>
    public DiskException? LastFailure => _lastFailure;

    public int SegmentCount => _segments.Count;

    public long Size
    {
        get
        {
            var size = 0L;
            foreach (var segment in _segments.All) size += segment.Length;
            return size;
        }
    }

    /// <summary>
    /// Called by the flusher, on its thread, when the durable offset has moved or the log has failed. Whoever answers
    /// producers is told by it.
    /// </summary>
    public Action<PartitionLog>? DurableMoved { get; set; }

    /// <summary>Its files are given up: there is no newer list of segments to look at.</summary>
    internal bool IsClosed => _isClosed;

    internal SegmentList Segments => _segments;

    internal LogFlushing Flushing { get; }

    /// <summary>Belongs to the writer; what a snapshot says can be read by anybody.</summary>
    internal ProducerSnapshotFiles Snapshots => _checkpoints.Snapshots;

    /// <summary>
    /// Appends one batch as its leader: gives it its offsets and the epoch, in place. The batch was checked before: its
    /// checksum, its records, its timestamps. Nothing happens to the log unless the result says so.
    /// </summary>
    /// <exception cref="DiskException">The epoch could not be written down.</exception>
    public AppendResult Append(Span<byte> batch, int leaderEpoch, AppendOrigin origin = AppendOrigin.Client, VerificationGuard guard = default) =>
        _appending.Append(batch, leaderEpoch, origin, guard);

    /// <summary>Appends the end of a transaction, as its leader.</summary>
    /// <param name="batch">A control batch of one marker.</param>
    /// <param name="leaderEpoch">The leader's.</param>
    /// <param name="bumpsEpoch">Whether the coordinator speaks the second protocol of transactions.</param>
    public AppendResult AppendMarker(Span<byte> batch, int leaderEpoch, bool bumpsEpoch) => _appending.AppendMarker(batch, leaderEpoch, bumpsEpoch);

    /// <summary>
    /// Appends a batch that has its offsets and epoch, as a follower, or as whoever writes a log anew. Producers are not
    /// checked: the leader did.
    /// </summary>
    public AppendResult AppendAsFollower(ReadOnlySpan<byte> batch) => _appending.AppendAsFollower(batch);

    /// <summary>Reads from an offset on.</summary>
    /// <param name="offset">Where; the slice begins with the batch that holds it.</param>
    /// <param name="maxBytes">The slice is longer only where its first batch is.</param>
    /// <param name="upTo">The offset that stays out of sight, with all above it.</param>
    /// <param name="wholeBatch">Whether a first batch longer than <paramref name="maxBytes"/> is given whole.</param>
    /// <exception cref="LogDamageException">The bytes are damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public LogRead Read(long offset, int maxBytes, long upTo, bool wholeBatch = true) => _reading.Read(offset, maxBytes, upTo, wholeBatch);

    /// <summary>The first record that is not older than the timestamp; null where there is none.</summary>
    public TimestampSearchResult? FindTimestamp(long timestamp) => _reading.FindTimestamp(timestamp);

    /// <summary>The first of the youngest records; null where no record has a timestamp.</summary>
    public TimestampSearchResult? FindMaxTimestamp() => _reading.FindMaxTimestamp();

    /// <summary>Collects the aborted transactions with records in a range, its upper end not included.</summary>
    public void CollectAborted(long from, long upTo, ICollection<AbortedTransaction> found) => _reading.CollectAborted(from, upTo, found);

    /// <summary>The greatest epoch not above the one asked for, and where it ended.</summary>
    public EpochEnd EndOffsetOf(int epoch) => Epochs.EndOffsetFor(epoch, EndOffset);

    /// <summary>What of an offset's segment is known to be damaged or gone; null where it is whole.</summary>
    public LogDamageRange? DamageAt(long offset) => Damage.At(offset);

    /// <summary>
    /// Accepts a loss, durably: readers are led past it from now on. What was kept aside stays where it is.
    /// </summary>
    public void AcceptLoss(LogDamageRange range)
    {
        DamageFile.Accept(Disk.Files, Folder, range);
        Damage.Accept(range);
    }

    /// <summary>Below it compaction has been, and offsets may be missing.</summary>
    public long CompactedUpTo { get; set; }

    /// <summary>Begins a new segment, where the last one holds anything and the log takes appends.</summary>
    /// <exception cref="DiskException">The segment could not be made; the log is as it was.</exception>
    public void Roll()
    {
        var last = _segments.Last;
        if (last.Length == 0 || _fault is not null) return;
        FlushCut(last);
        var created = LogSegment.Create(Disk, Folder, _endOffset);
        Flushing.FolderChanged();
        last.Deactivate();
        _segments = _segments.With(created);
        TryCheckpoint();
    }

    /// <summary>
    /// Cuts everything from an offset on, durably. A batch that holds the offset in its middle goes whole.
    /// </summary>
    /// <exception cref="DiskException">The log is offline then.</exception>
    public void TruncateTo(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset >= _endOffset) return;
        RunOrFail(() => LogTruncation.Run(this, Math.Max(offset, _startOffset)));
    }

    /// <summary>Drops everything and begins at an offset, as a follower does whose leader begins behind its end.</summary>
    public void StartAt(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        RunOrFail(() => LogTruncation.StartAt(this, offset));
    }

    /// <summary>Moves the start up; records below it are out of sight at once, and their segments go with the next retention.</summary>
    /// <returns>False where the start is there already.</returns>
    public bool MoveStart(long offset)
    {
        if (offset > _endOffset) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"above the end {_endOffset} of {Name}");
        if (offset <= _startOffset) return false;
        Volatile.Write(ref _startOffset, offset);
        Epochs.TruncateFromStart(offset);
        _checkpoints.Snapshots.LogStartMoved(Producers, offset);
        return true;
    }

    /// <summary>Drops the segments that are too old, too many, or below the start.</summary>
    /// <param name="upTo">Nothing at this offset or above is dropped: consumers and replicas have not seen it yet.</param>
    /// <returns>The bytes that were dropped.</returns>
    public long RemoveExpired(long upTo) => LogRetention.Run(this, upTo);

    /// <summary>Whether there is something to keep house for. From any thread.</summary>
    public bool IsHouseKeepingDue
    {
        get
        {
            if (_fault is not null) return false;
            var now = Disk.Now;
            return _checkpoints.IsDueByTime(now) || _checkpoints.AreProducersDue(now) || Flushing.IsOverdue(_settings, now);
        }
    }

    /// <summary>What is due by the clock: checkpoints, flushes, producers that were silent for too long.</summary>
    public void KeepHouse()
    {
        if (_fault is not null) return;
        var now = Disk.Now;
        Producers.RemoveExpired(now, _settings.ProducerExpirationMilliseconds);
        _checkpoints.ProducersLookedThrough(now);
        if (_checkpoints.IsDueByTime(now)) TryCheckpoint();
        else if (Flushing.IsOverdue(_settings, now)) Flushing.Request(null);
    }

    /// <summary>Asks for what was appended so far to be brought to disk, also where the topic does not.</summary>
    public void RequestFlush() => Flushing.Request(null);

    /// <summary>Begins to move the recovery point to the log's end; the flusher ends it.</summary>
    /// <param name="closes">Whether the log is about to be closed in order.</param>
    /// <returns>False where the disk has no room for it: the point stays where it is.</returns>
    public bool TryCheckpoint(bool closes = false)
    {
        if (!TryWriteCheckpoint(closes, out var checkpoint)) return false;
        if (checkpoint is not null) Flushing.Request(checkpoint);
        else if (closes) Flushing.RequestLeft();
        return true;
    }

    /// <summary>What opening has read and written is on disk: it need not be read again.</summary>
    internal void Opened()
    {
        Flushing.RaiseRecoveryPoint(_checkpoints.RequestedPoint);
        // Those that no file has yet are all there is.
        for (var i = 0; i < _checkpoints.FirstUnsaved; i++) _segments[i].LetIndexesGo();
        if (!_checkpoints.IsOwed) RemoveDamaged();
    }

    /// <summary>Closes what is open. The files stay as they are.</summary>
    internal void Release()
    {
        _isClosed = true;
        _fault ??= new LogFault($"{Name} is closed", null);
        foreach (var segment in _segments.All) segment.Release();
        Flushing.Close();
    }

    /// <summary>
    /// Writes down, into the page cache, what makes the log's end a recovery point; null where it is one, or where the disk
    /// has no room for it.
    /// </summary>
    internal LogCheckpoint? WriteCheckpoint() => TryWriteCheckpoint(closes: false, out var checkpoint) ? checkpoint : null;

    /// <summary>A round of the flusher has ended.</summary>
    /// <returns>Whether the recovery point has moved.</returns>
    internal bool Flushed(in FlushWork work)
    {
        if (!Flushing.End(work)) return false;
        _reading.Remember(work);
        DurableMoved?.Invoke(this);
        if (work.Checkpoint is not { } checkpoint) return false;
        foreach (var segment in checkpoint.Closed) segment.LetIndexesGo();
        RemoveDamaged();
        return true;
    }

    /// <summary>A flush that failed proves nothing when it is tried again: the kernel may have dropped the pages.</summary>
    internal void FlushFailed(in FlushWork work, DiskException failure)
    {
        Flushing.Failed(work);
        FlushFailed(failure);
    }

    private void FlushFailed(DiskException failure)
    {
        Flushing.Failed();
        Fail(new LogFault(
            $"{Name} is read-only from offset {Flushing.Flushed} on: {failure.Message}; what follows may be lost at a power failure; look at the disk, then start again",
            failure));
        DurableMoved?.Invoke(this);
    }

    /// <summary>Whether nothing is amiss where a reader looks for an offset and the next one there is is higher.</summary>
    internal bool IsExplained(long offset, long next)
    {
        if (_settings.Compacts || offset < CompactedUpTo || offset < StartOffset || Damage.IsAccepted(offset)) return true;
        if (DamageAt(offset) is null) Damage.Add(new LogDamageRange(offset, next, $"{Folder}: the segment with offsets {offset} to {next - 1} is missing"));
        return false;
    }

    /// <summary>The writer has written and indexed up to here: readers may see it.</summary>
    internal void Published(long end) => Volatile.Write(ref _endOffset, end);

    internal void Refused(DiskException failure) => _lastFailure = failure;

    internal void Fail(LogFault fault) => _fault ??= fault;

    /// <summary>The writer has put other segments in place.</summary>
    internal void Replace(SegmentList segments)
    {
        _checkpoints.SegmentsReplaced(segments.Count - _segments.Count);
        _segments = segments;
    }

    /// <summary>The writer has cut the log.</summary>
    internal void CutTo(SegmentList segments, long end)
    {
        _segments = segments;
        Volatile.Write(ref _endOffset, end);
        if (_startOffset > end) Volatile.Write(ref _startOffset, end);
        _checkpoints.Cut(segments.Count);
        _reading.Forget();
        var last = segments.Last;
        Flushing.Truncated(new LogMark(end, last, last.Length), segments);
    }

    /// <summary>The writer has dropped everything and made a first segment.</summary>
    internal void BeginAnew(SegmentList segments, long offset)
    {
        Volatile.Write(ref _startOffset, offset);
        CutTo(segments, offset);
        Flushing.BeginAt(offset);
        _checkpoints.BeginAt(offset);
    }

    /// <summary>
    /// Before anything is cut: a log that ends below its recovery point is taken for a damaged one.
    /// </summary>
    internal void LowerRecoveryPoint(long offset)
    {
        _checkpoints.Lower(offset);
        CompactedUpTo = Math.Min(CompactedUpTo, Math.Max(offset, 0));
        if (Flushing.LowerRecoveryPoint(offset)) Disk.SaveRecoveryPoints?.Invoke();
    }

    internal void ReloadProducers()
    {
        var reload = _checkpoints.Snapshots.Reload(Producers, _startOffset, _endOffset, Disk.Now, _settings.ProducerExpirationMilliseconds);
        ProducerReplay.Run(_segments, Producers, reload.ReplayFrom, _endOffset);
    }

    internal void ForgetProducers(long offset) => _checkpoints.Snapshots.StartAt(Producers, offset);

    /// <summary>
    /// What they said is on disk by now. One that stays is made anew once more; one that came back in a power failure behind
    /// an orderly stop would be, too, so their going is brought to disk.
    /// </summary>
    private void RemoveDamaged()
    {
        var damaged = _damaged;
        _damaged = [];
        if (damaged.Count == 0) return;
        try
        {
            foreach (var path in damaged) Disk.Files.DeleteFile(path);
            Disk.Files.FlushFolder(Folder);
        }
        catch (DiskException refused)
        {
            _lastFailure = refused;
        }
    }

    private bool TryWriteCheckpoint(bool closes, out LogCheckpoint? checkpoint)
    {
        checkpoint = null;
        try
        {
            checkpoint = _checkpoints.Write(closes);
            return true;
        }
        catch (DiskException refused)
        {
            _lastFailure = refused;
            return false;
        }
    }

    internal void FlushCut(LogSegment segment)
    {
        try
        {
            segment.FlushCut();
        }
        catch (DiskException failure)
        {
            FlushFailed(failure);
            throw;
        }
    }

    private void EnsureFlushesCount()
    {
        if (_fault is { } fault) throw new DiskException(DiskFault.Failed, "cut", Folder, fault.Reason);
    }

    private void RunOrFail(Action change)
    {
        try
        {
            EnsureFlushesCount();
            change();
            // A flush of the flusher's may have failed beside ours, and taken with it what ours said is on disk.
            EnsureFlushesCount();
        }
        catch (IOException failure)
        {
            Fail(new LogFault($"{Name} takes no more appends, its truncation failed: {failure.Message}; look at the disk, then start again", failure));
            throw;
        }
    }
}
