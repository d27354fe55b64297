using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// The segment that is written in place of others, under names that no reader looks at. There always is a file of each
/// kind, also of aborted transactions where there are none: whoever puts them in place then leaves nothing of the old ones.
/// </summary>
internal sealed class CleanedSegment
{
    // The log last: once it has its new name all the others have theirs.
    private static readonly string[] s_endings = [SegmentName.Transactions, SegmentName.Times, SegmentName.Offsets, SegmentName.Log];

    private readonly IFileSystem _disk;
    private readonly string _folder;
    private readonly IndexBuilder _indexes;
    private readonly IFile _file;

    public CleanedSegment(LogDisk disk, string folder, long baseOffset, int indexInterval)
    {
        _disk = disk.Files;
        _folder = folder;
        BaseOffset = baseOffset;
        _indexes = new IndexBuilder(SegmentIndexes.Empty(baseOffset), indexInterval);
        // Of a pass that was interrupted. Not written over: where a flush has failed, the kernel takes what it dropped for written.
        Discard();
        _file = _disk.Open(PathOf(SegmentName.Log + SegmentName.Cleaned), OpenMode.New);
    }

    public long BaseOffset { get; }

    public int Length { get; private set; }

    public SegmentIndexes Indexes => _indexes.Indexes;

    public void Append(ReadOnlySpan<byte> batches)
    {
        // Tombstones' horizons make a batch some bytes longer, and a segment can be nearly as long as one can be.
        if (batches.Length > int.MaxValue - Length) throw new LogDamageException(_file.Path, Length, BaseOffset, $"{batches.Length} bytes more are too many for a segment");
        _file.Write(Length, batches);
        var headers = new BatchReader(batches);
        while (headers.MoveNext())
        {
            var batch = headers.Current;
            _indexes.Add(Length + headers.Position, batch.Bytes.Length, batch.LastOffset, batch.MaxTimestamp);
        }

        Length += batches.Length;
    }

    /// <summary>Brings all of it to disk; only then it may be put in place of anything.</summary>
    public void Complete()
    {
        _file.Flush();
        _file.Dispose();
        var indexes = _indexes.Complete();
        Write(SegmentName.Offsets, indexes.Offsets.SaveTo);
        Write(SegmentName.Times, indexes.Times.SaveTo);
        Write(SegmentName.Transactions, indexes.Transactions.SaveTo);
    }

    /// <summary>Gives it the names that a start takes for what is to be put in place. The log's is the last: it decides.</summary>
    public void MarkFinished()
    {
        foreach (var ending in s_endings) _disk.Rename(PathOf(ending + SegmentName.Cleaned), PathOf(ending + SegmentName.Swap));
    }

    /// <summary>Gives the indexes the names they are read under; the log's own file follows.</summary>
    public void PlaceIndexes()
    {
        foreach (var ending in s_endings)
        {
            if (ending != SegmentName.Log) _disk.Rename(PathOf(ending + SegmentName.Swap), PathOf(ending));
        }
    }

    /// <summary>Removes what is there of it, as long as nothing has gone for it.</summary>
    public void Discard()
    {
        _file?.Dispose();
        for (var i = s_endings.Length - 1; i >= 0; i--)
        {
            Delete(s_endings[i] + SegmentName.Swap);
            Delete(s_endings[i] + SegmentName.Cleaned);
        }
    }

    private void Write(string ending, Action<IFile> save)
    {
        using var file = _disk.Open(PathOf(ending + SegmentName.Cleaned), OpenMode.New);
        save(file);
        file.Flush();
    }

    private void Delete(string ending)
    {
        var path = PathOf(ending);
        if (_disk.FileExists(path)) _disk.DeleteFile(path);
    }

    private string PathOf(string ending) => Path.Combine(_folder, SegmentName.Of(BaseOffset, ending));
}
