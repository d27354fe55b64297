using System.Buffers;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Moving;

/// <summary>Copies what of a log changes no more into a folder of another disk, file by file, each on disk when it is done.</summary>
internal sealed class ClosedFiles(CopySource source, IFileSystem target, string folder, CancellationToken stop)
{
    private const int ChunkBytes = 1 << 20;

    private static readonly string[] s_indexes = [SegmentName.Offsets, SegmentName.Times, SegmentName.Transactions];

    private readonly IFileSystem _disk = source.Log.Disk.Files;

    /// <summary>Told of every stretch of a segment that is copied: its bytes, and the offset below which all is.</summary>
    public Action<long, long>? Copied { get; init; }

    public void Run(Uuid topicId)
    {
        foreach (var segment in source.Closed) Copy(segment);
        foreach (var entry in _disk.List(source.Log.Folder))
        {
            if (!entry.IsFolder && IsKept(entry.Name)) TryCopy(entry.Name);
        }

        // It is there though nothing was appended: its base is where the log goes on.
        using (var active = target.Open(PathOf(SegmentName.Of(source.Active.BaseOffset, SegmentName.Log)), OpenMode.New)) active.Flush();
        using (var snapshot = target.Open(PathOf(ProducerSnapshotFiles.NameOf(source.End)), OpenMode.New))
        {
            snapshot.Write(0, source.Producers);
            snapshot.Flush();
        }

        new LeaderEpochCheckpoint(target, PathOf(LeaderEpochCheckpoint.FileName)).Write(source.Epochs);
        new PartitionMetadata(topicId).Write(target, PathOf(PartitionMetadata.FileName));
    }

    /// <summary>What tells of damage, what was kept aside, and the snapshots that a truncation goes back to.</summary>
    private bool IsKept(string name)
    {
        if (name is LeaderEpochCheckpoint.FileName or PartitionMetadata.FileName or MovingMark.FileName) return false;
        if (ProducerSnapshotFiles.TryParse(name, out var offset)) return offset < source.End;
        return !name.EndsWith(SegmentName.Log, StringComparison.Ordinal)
            && !Array.Exists(s_indexes, ending => name.EndsWith(ending, StringComparison.Ordinal))
            && !name.EndsWith(SegmentName.Deleted, StringComparison.Ordinal)
            && !name.EndsWith(SegmentName.Cleaned, StringComparison.Ordinal)
            && !name.EndsWith(SegmentName.Swap, StringComparison.Ordinal)
            && !name.EndsWith(".tmp", StringComparison.Ordinal);
    }

    private void Copy(LogSegment segment)
    {
        var file = segment.File.Hold();
        try
        {
            // Not to the file's end: what a failed write has left behind the last batch is nobody's.
            Copy(file, segment.Length, SegmentName.Of(segment.BaseOffset, SegmentName.Log), segment.BaseOffset);
        }
        finally
        {
            segment.File.LetGo();
        }

        foreach (var ending in s_indexes)
        {
            var name = SegmentName.Of(segment.BaseOffset, ending);
            if (_disk.FileExists(Path.Combine(source.Log.Folder, name))) TryCopy(name);
        }
    }

    private void TryCopy(string name)
    {
        try
        {
            using var file = _disk.Open(Path.Combine(source.Log.Folder, name), OpenMode.Existing);
            Copy(file, file.Length, name, null);
        }
        catch (DiskException gone) when (gone.Fault == DiskFault.NotFound && ProducerSnapshotFiles.TryParse(name, out _))
        {
            // A checkpoint has removed a snapshot that is not needed any more.
        }
    }

    private void Copy(IFile from, long length, string name, long? upTo)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var copy = target.Open(PathOf(name), OpenMode.New);
            for (var at = 0L; at < length;)
            {
                stop.ThrowIfCancellationRequested();
                var read = from.Read(at, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, length - at)));
                if (read == 0) throw new CopyEndedException($"{from.Path} ends at {at}, before its {length} bytes");
                copy.Write(at, buffer.AsSpan(0, read));
                at += read;
                if (upTo is { } offset) Copied?.Invoke(read, offset);
            }

            copy.Flush();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
