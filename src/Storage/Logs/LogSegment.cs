using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>
/// A run of batches in one file, with its indexes. The last one of a log grows; the others never change. One writer
/// appends, any thread reads up to <see cref="Length"/>. Its cost as <see cref="Reclaimable"/> is that of its indexes.
/// </summary>
internal sealed class LogSegment : Reclaimable
{
    private const long Unknown = long.MinValue;

    private readonly LogDisk _disk;
    private readonly Lock _loading = new();
    private volatile SegmentIndexes? _indexes;

    // The indexes in memory have what their files lack: they must not be given up.
    private volatile bool _keepsIndexes;
    private bool _isReady;
    private bool _cutIsPending;
    private int _length;
    private int _bytesSinceEntry;
    private long _maxTimestamp = Unknown;
    private long _offsetOfMaxTimestamp;
    private long _firstTimestamp = Unknown;

    /// <param name="disk">Where.</param>
    /// <param name="folder">The log's.</param>
    /// <param name="baseOffset">The first offset it may hold.</param>
    /// <param name="length">What of the file are whole batches.</param>
    /// <param name="ending">How the file's name ends now.</param>
    public LogSegment(LogDisk disk, string folder, long baseOffset, int length, string ending = SegmentName.Log)
    {
        _disk = disk;
        _length = length;
        Folder = folder;
        BaseOffset = baseOffset;
        Created = disk.Now;
        File = new SegmentFile(disk.Files, disk.OpenFiles, PathOf(ending));
    }

    public string Folder { get; }

    public long BaseOffset { get; }

    public SegmentFile File { get; }

    /// <summary>When this object was made; where records have no timestamps their age is counted from here.</summary>
    public long Created { get; init; }

    /// <summary>Whole batches, all of them readable. A file may be longer while it is being written.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Held in memory from the first write on; read again on demand otherwise.</summary>
    public SegmentIndexes Indexes
    {
        get
        {
            WasUsed = true;
            return _indexes ?? LoadIndexes();
        }
    }

    /// <summary>-1 where no record has one.</summary>
    public long MaxTimestamp
    {
        get
        {
            var known = Volatile.Read(ref _maxTimestamp);
            return known != Unknown ? known : FindMaxTimestamp();
        }
    }

    /// <summary>The greatest timestamp of the first batch; -1 without batches or timestamps.</summary>
    public long FirstTimestamp
    {
        get
        {
            if (_firstTimestamp == Unknown && Length > 0) _firstTimestamp = ReadFirstTimestamp();
            return Math.Max(_firstTimestamp, -1);
        }
    }

    public string PathOf(string ending) => Path.Combine(Folder, SegmentName.Of(BaseOffset, ending));

    /// <summary>Makes a new segment's files, none of which may be there.</summary>
    public static LogSegment Create(LogDisk disk, string folder, long baseOffset)
    {
        var segment = new LogSegment(disk, folder, baseOffset, 0) { _indexes = SegmentIndexes.Empty(baseOffset), _maxTimestamp = -1 };
        // Of a segment that was here before; the new one's offsets are not theirs.
        foreach (var ending in (ReadOnlySpan<string>)[SegmentName.Offsets, SegmentName.Times, SegmentName.Transactions])
        {
            if (disk.Files.FileExists(segment.PathOf(ending))) disk.Files.DeleteFile(segment.PathOf(ending));
        }

        segment._keepsIndexes = true;
        segment._isReady = true;
        segment.File.Create();
        segment.File.LetGo();
        return segment;
    }

    /// <summary>
    /// Before its first write since it was opened. Not earlier: of thousands of logs few are written to at once, and the
    /// others need neither an open file nor indexes.
    /// </summary>
    public void GetReady()
    {
        if (_isReady) return;
        Keep(Indexes);
        _maxTimestamp = FindMaxTimestamp(out _offsetOfMaxTimestamp);
        var file = File.Hold();
        try
        {
            // Whatever a crash or a failed write left behind the last batch is not to be read by anybody.
            CutToLength(file);
        }
        finally
        {
            File.LetGo();
        }

        _isReady = true;
    }

    /// <summary>It grows no more.</summary>
    public void Deactivate()
    {
        CompleteTimes();
        _isReady = false;
    }

    /// <summary>
    /// The index of times ends with the greatest one, as Kafka's does at a roll and at a stop: who opens the segment need
    /// not walk it.
    /// </summary>
    /// <returns>Whether it did not before.</returns>
    public bool CompleteTimes() => _isReady && _maxTimestamp >= 0 && Indexes.Times.Add(_maxTimestamp, _offsetOfMaxTimestamp);

    /// <summary>The indexes' files have all entries: they may be given up, and read again.</summary>
    public void LetIndexesGo()
    {
        _keepsIndexes = false;
        if (_indexes is { } indexes) _disk.IndexMemory.Add(this, indexes.Size);
    }

    /// <summary>Before a write: the file stays open until <see cref="EndWrite"/>.</summary>
    public IFile BeginWrite() => File.Hold();

    /// <summary>Whoever brings the bytes to disk holds the file by now.</summary>
    public void EndWrite() => File.LetGo();

    /// <summary>
    /// Writes behind the last batch. Nobody sees it before <see cref="Publish"/>. Where it fails the file ends where it did,
    /// or the exception says that it could not be brought back there.
    /// </summary>
    public void Write(IFile file, ReadOnlySpan<byte> batches)
    {
        try
        {
            file.Write(_length, batches);
        }
        catch (DiskException failure)
        {
            CutBack(file, failure);
            throw;
        }
    }

    /// <summary>
    /// Brings to disk that a write which failed was cut off again: before anything is written in its place, or made behind
    /// it. A crash that undid the cut would bring back a batch that nobody was told of, where readers have seen another.
    /// </summary>
    public void FlushCut()
    {
        if (!_cutIsPending) return;
        var file = File.Hold();
        try
        {
            file.Flush();
        }
        finally
        {
            File.LetGo();
        }

        _cutIsPending = false;
    }

    /// <summary>Takes a batch into the indexes, where the last entry lies far enough back.</summary>
    public void Index(int position, int size, long lastOffset, long maxTimestamp, int interval)
    {
        if (_firstTimestamp == Unknown && position == 0) _firstTimestamp = maxTimestamp;
        if (maxTimestamp > _maxTimestamp)
        {
            _offsetOfMaxTimestamp = lastOffset;
            Volatile.Write(ref _maxTimestamp, maxTimestamp);
        }

        if (_bytesSinceEntry > interval)
        {
            var indexes = _indexes!;
            indexes.Offsets.Add(lastOffset, position);
            if (_maxTimestamp >= 0) indexes.Times.Add(_maxTimestamp, _offsetOfMaxTimestamp);
            _bytesSinceEntry = 0;
        }

        _bytesSinceEntry += size;
    }

    /// <summary>What was written and indexed can be read.</summary>
    public void Publish(int length) => Volatile.Write(ref _length, length);

    /// <summary>Cuts the segment, which is the last one, and brings the cut to the disk.</summary>
    public void TruncateTo(int position, long offset)
    {
        Publish(position);
        var file = File.Hold();
        try
        {
            file.SetLength(position);
            file.Flush();
        }
        finally
        {
            File.LetGo();
        }

        var indexes = Indexes;
        Keep(indexes);
        indexes.Offsets.TruncateTo(offset);
        indexes.Times.TruncateTo(offset);
        indexes.Transactions.TruncateTo(offset);
        indexes.CutFiles(_disk.Files, Folder);
        _bytesSinceEntry = 0;
        if (position == 0) _firstTimestamp = Unknown;
        _maxTimestamp = FindMaxTimestamp(out _offsetOfMaxTimestamp);
    }

    /// <summary>
    /// Removes the files. Readers that hold the bytes keep them. The log's bytes go first: indexes without a segment are
    /// swept up at the next start, a segment without them would be indexed again.
    /// </summary>
    public void Delete()
    {
        File.Delete();
        _disk.IndexMemory.Remove(this);
        foreach (var ending in (ReadOnlySpan<string>)[SegmentName.Offsets, SegmentName.Times, SegmentName.Transactions])
        {
            var path = PathOf(ending);
            if (_disk.Files.FileExists(path)) _disk.Files.DeleteFile(path);
        }
    }

    /// <summary>Closes what is open; the files stay.</summary>
    public void Release()
    {
        File.Release();
        _disk.IndexMemory.Remove(this);
    }

    /// <summary>Takes indexes made elsewhere: by recovery or compaction, which have just been through the whole segment.</summary>
    internal void Adopt(SegmentIndexes indexes) => Keep(indexes);

    internal override bool TryReclaim()
    {
        // Not waited for: who has it may be waiting for the budget.
        if (!_loading.TryEnter()) return false;
        try
        {
            if (_keepsIndexes) return false;
            _indexes = null;
            return true;
        }
        finally
        {
            _loading.Exit();
        }
    }

    private void Keep(SegmentIndexes indexes)
    {
        lock (_loading)
        {
            _indexes = indexes;
            _keepsIndexes = true;
        }

        _disk.IndexMemory.Remove(this);
    }

    private void CutBack(IFile file, DiskException failure)
    {
        try
        {
            CutToLength(file);
        }
        catch (DiskException second)
        {
            throw new UncutWriteException(failure, second);
        }
    }

    private void CutToLength(IFile file)
    {
        // A disk that is full takes nothing at all, most of the time.
        if (file.Length == _length) return;
        _cutIsPending = true;
        file.SetLength(_length);
    }

    private SegmentIndexes LoadIndexes()
    {
        SegmentIndexes loaded;
        lock (_loading)
        {
            if (_indexes is { } meanwhile) return meanwhile;
            var length = Length;
            var transactions = SegmentIndexes.ReadTransactions(_disk.Files, Folder, BaseOffset);
            var (offsets, times) = SegmentIndexes.ReadPlaces(_disk.Files, Folder, BaseOffset, length);
            _indexes = loaded = offsets is null || times is null
                ? IndexRebuild.Of(this, length, transactions, LogSettings.Default.IndexIntervalBytes)
                : new SegmentIndexes(offsets, times, transactions);
        }

        if (!_keepsIndexes) _disk.IndexMemory.Add(this, loaded.Size);
        return loaded;
    }

    private long FindMaxTimestamp()
    {
        var found = FindMaxTimestamp(out _);
        Volatile.Write(ref _maxTimestamp, found);
        return found;
    }

    /// <summary>
    /// Whenever the index of offsets takes an entry, that of times takes the greatest timestamp so far: only behind the last
    /// entry of offsets there may be greater ones, however far back the last entry of times points.
    /// </summary>
    private long FindMaxTimestamp(out long offset)
    {
        var length = Length;
        var indexes = Indexes;
        var last = indexes.Times.Last;
        offset = last.Offset;
        var max = last.Timestamp;
        var file = File.Hold();
        try
        {
            var headers = new BatchHeaders(file, indexes.Offsets.Last.Position, length, stackalloc byte[BatchHeaders.BufferSize]);
            while (headers.MoveNext())
            {
                if (headers.MaxTimestamp <= max) continue;
                max = headers.MaxTimestamp;
                offset = headers.LastOffset;
            }
        }
        finally
        {
            File.LetGo();
        }

        return max;
    }

    private long ReadFirstTimestamp()
    {
        var file = File.Hold();
        try
        {
            var headers = new BatchHeaders(file, 0, Length, stackalloc byte[BatchHeaders.BufferSize]);
            return headers.MoveNext() ? headers.MaxTimestamp : -1;
        }
        finally
        {
            File.LetGo();
        }
    }
}
