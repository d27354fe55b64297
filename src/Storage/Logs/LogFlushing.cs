namespace Moldau.Storage.Logs;

/// <summary>
/// What of one log is on disk and what is not. The log's writer says what it wrote, the flusher takes it on and says when
/// it is durable. A lock of its own, held for a few instructions.
/// </summary>
internal sealed class LogFlushing
{
    /// <summary>The recovery point of a log that is being emptied: a lower one than any log has.</summary>
    public const long NoPoint = -1;

    private readonly PartitionLog _log;
    private readonly Lock _sync = new();
    private List<LogSegment> _dirty = [];
    private List<LogSegment>? _spare;
    private LogMark _tail;
    private LogCheckpoint? _checkpoint;
    private bool _folderIsDirty;
    private bool _isQueued;
    private bool _hasFailed;
    private long _waitingSince = long.MaxValue;
    private int _generation;
    private long _flushed;
    private long _durable;
    private long _recoveryPoint;
    private long _pointBytes;

    /// <param name="log">Whose bytes these are.</param>
    /// <param name="end">Where it ends; all of it is on disk.</param>
    /// <param name="recoveryPoint">As the checkpoint has it.</param>
    public LogFlushing(PartitionLog log, LogMark end, long recoveryPoint)
    {
        _log = log;
        _tail = end;
        _flushed = end.Offset;
        _durable = end.Offset;
        _recoveryPoint = recoveryPoint;
    }

    /// <summary>Below it nothing needs to be looked at after a crash.</summary>
    public long RecoveryPoint => Volatile.Read(ref _recoveryPoint);

    /// <summary>How many bytes the log had taken when it ended at the recovery point; since it was opened.</summary>
    public long PointBytes => Volatile.Read(ref _pointBytes);

    /// <summary>Below it everything is on disk, whatever the topic's settings ask for.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>Below it everything is as durable as the topic's settings ask for.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Another one after each truncation: what a round began before then counts no longer.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>The writer has appended, and the log ends at the mark.</summary>
    public void Appended(LogMark tail, LogSettings settings)
    {
        var queue = false;
        lock (_sync)
        {
            if (_dirty.Count == 0 || _dirty[^1] != tail.Segment) AddDirty(tail.Segment);
            _tail = tail;
            if (_waitingSince == long.MaxValue && settings.FlushMilliseconds != long.MaxValue) _waitingSince = _log.Disk.Now;
            if (settings.Durability == LogDurability.Fsync || tail.Offset - _flushed >= settings.FlushMessages) queue = !_isQueued;
            else Volatile.Write(ref _durable, tail.Offset);
            _isQueued |= queue;
        }

        if (queue) _log.Disk.Flusher.Enqueue(_log);
    }

    /// <summary>
    /// A write has failed and was cut back. Nobody waits for the cut, but a crash may undo it until it is on disk, and a log
    /// that is closed in order must be as long as it says.
    /// </summary>
    public void CutBack(LogSegment segment)
    {
        lock (_sync)
        {
            if (_dirty.Count == 0 || _dirty[^1] != segment) AddDirty(segment);
        }

        segment.EndWrite();
    }

    /// <summary>A new segment's name is to be made durable before anything in it counts.</summary>
    public void FolderChanged()
    {
        lock (_sync) _folderIsDirty = true;
    }

    /// <summary>Everything up to the checkpoint, and the files that belong to it, are to be brought to disk.</summary>
    public void Request(LogCheckpoint? checkpoint)
    {
        lock (_sync)
        {
            if (checkpoint is not null) _checkpoint = checkpoint.After(_checkpoint);
            if (_isQueued) return;
            _isQueued = true;
        }

        _log.Disk.Flusher.Enqueue(_log);
    }

    /// <summary>Whatever nobody has asked for yet.</summary>
    public void RequestLeft()
    {
        lock (_sync)
        {
            if (_dirty.Count == 0 && !_folderIsDirty) return;
        }

        Request(null);
    }

    /// <summary>Whether something has waited for the disk as long as <c>flush.ms</c> lets it.</summary>
    public bool IsOverdue(LogSettings settings, long now)
    {
        if (settings.FlushMilliseconds == long.MaxValue) return false;
        lock (_sync) return _waitingSince != long.MaxValue && now - _waitingSince >= settings.FlushMilliseconds;
    }

    /// <summary>The flusher takes on what is there by now. What comes later asks for another round.</summary>
    public FlushWork Begin()
    {
        lock (_sync)
        {
            var work = new FlushWork(_log, _tail, _dirty, _folderIsDirty, _checkpoint, _generation);
            // Another list, also where this one is empty: the writer adds to it while the round goes on.
            _dirty = _spare ?? [];
            _spare = null;
            _folderIsDirty = false;
            _checkpoint = null;
            _isQueued = false;
            _waitingSince = long.MaxValue;
            return work;
        }
    }

    /// <summary>What the failed flush lost may lie below what a later one brings to disk: none counts any more.</summary>
    public void Failed()
    {
        lock (_sync) _hasFailed = true;
    }

    /// <summary>As above, told by the flusher.</summary>
    public void Failed(in FlushWork work)
    {
        lock (_sync)
        {
            _hasFailed = true;
            LetGo(work.Dirty);
        }
    }

    /// <summary>Nobody will flush what is left.</summary>
    public void Close()
    {
        lock (_sync) LetGo(_dirty);
    }

    /// <summary>What the flusher took on is on disk.</summary>
    /// <returns>False where that proves nothing: the log was truncated meanwhile, or an earlier flush had failed.</returns>
    public bool End(in FlushWork work)
    {
        lock (_sync)
        {
            LetGo(work.Dirty);
            if (_hasFailed || work.Generation != _generation) return false;
            Volatile.Write(ref _flushed, Math.Max(_flushed, work.Tail.Offset));
            if (_durable < _flushed) Volatile.Write(ref _durable, _flushed);
            if (work.Checkpoint is not { } checkpoint || checkpoint.Offset <= _recoveryPoint) return true;
            Volatile.Write(ref _recoveryPoint, checkpoint.Offset);
            Volatile.Write(ref _pointBytes, checkpoint.AppendedBytes);
            return true;
        }
    }

    public void RaiseRecoveryPoint(long offset)
    {
        lock (_sync) Volatile.Write(ref _recoveryPoint, Math.Max(_recoveryPoint, offset));
    }

    /// <returns>Whether it was higher. Rounds under way do not raise it again.</returns>
    public bool LowerRecoveryPoint(long offset)
    {
        lock (_sync)
        {
            _generation++;
            _checkpoint = _checkpoint?.OfPathsOnly();
            if (_recoveryPoint <= offset) return false;
            Volatile.Write(ref _recoveryPoint, offset);
            return true;
        }
    }

    /// <summary>The writer has emptied the log, durably, and goes on from an offset that may be a higher one.</summary>
    public void BeginAt(long offset)
    {
        lock (_sync)
        {
            Volatile.Write(ref _flushed, offset);
            Volatile.Write(ref _durable, offset);
            Volatile.Write(ref _recoveryPoint, offset);
        }
    }

    /// <summary>
    /// The writer has cut the log; the cut itself is on disk. What was below it and not flushed yet is asked for again,
    /// since a round that is under way counts no longer.
    /// </summary>
    public void Truncated(LogMark tail, SegmentList segments)
    {
        lock (_sync)
        {
            _generation++;
            _checkpoint = _checkpoint?.OfPathsOnly();
            _tail = tail;
            Volatile.Write(ref _flushed, Math.Min(_flushed, tail.Offset));
            Volatile.Write(ref _durable, Math.Min(_durable, tail.Offset));
            LetGo(_dirty);
            for (var i = segments.IndexOf(_flushed); i < segments.Count; i++) AddDirty(segments[i]);
            _folderIsDirty = true;
        }

        Request(null);
    }

    /// <summary>
    /// Its file stays open until it is flushed: one that is closed in between may lose what the kernel had to tell of a
    /// write that failed.
    /// </summary>
    private void AddDirty(LogSegment segment)
    {
        if (segment.File.TryHold(out _)) _dirty.Add(segment);
    }

    private void LetGo(List<LogSegment> dirty)
    {
        foreach (var segment in dirty) segment.File.LetGo();
        dirty.Clear();
        if (dirty != _dirty) _spare = dirty;
    }
}
