using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Moving;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Looks at the names in a log's folder, finishes what a crash has interrupted (deletions, compaction's swap, a roll), and
/// says which segments there are.
/// </summary>
internal sealed class FolderSweep(LogDisk disk, string folder, List<RecoveryNote> notes)
{
    private const string TemporaryEnding = ".tmp";

    private const string LostEnding = SegmentName.Transactions + SegmentName.Damaged;

    private static readonly string[] s_indexEndings = [SegmentName.Offsets, SegmentName.Times, SegmentName.Transactions];
    private static readonly string[] s_endingsOfOne = [.. s_indexEndings, LostEnding];

    private readonly Dictionary<string, long> _files = new(StringComparer.Ordinal);
    private bool _changed;

    /// <summary>What is known to be lost.</summary>
    public List<LogDamageRange> Damage { get; } = [];

    /// <summary>The names of the files there are.</summary>
    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>Names have changed: the folder is to be flushed.</summary>
    public bool HasChanged => _changed;

    /// <returns>The segments, ascending.</returns>
    public List<LogSegment> Run()
    {
        foreach (var entry in disk.Files.List(folder))
        {
            if (!entry.IsFolder) _files.Add(entry.Name, entry.Length);
        }

        RemoveEnding(SegmentName.Deleted, RecoveryRow.F1, "its deletion was not finished");
        RemoveEnding(SegmentName.Cleaned, RecoveryRow.F2, "compaction had not finished writing it; the originals are whole");
        RemoveEnding(TemporaryEnding, null, "");
        FinishSwaps();
        var segments = Segments();
        RemoveIndexesWithout(segments);
        ReportOthers();
        return segments;
    }

    /// <summary>Takes out a segment without batches that lies within another, or below the recovery point.</summary>
    public void RemoveEmpty(List<LogSegment> segments, int place)
    {
        var name = SegmentName.Of(segments[place].BaseOffset, SegmentName.Log);
        segments[place].Release();
        segments.RemoveAt(place);
        Delete(name);
        Note(RecoveryRow.F6, name, "removed: empty, and not the last");
        RemoveIndexesWithout(segments);
    }

    public bool HasTransactions(long baseOffset) => _files.ContainsKey(SegmentName.Of(baseOffset, SegmentName.Transactions));

    /// <summary>Whether a segment's file of aborted transactions was damaged, and nobody has made it anew since.</summary>
    public bool HasLostTransactions(long baseOffset) => _files.ContainsKey(SegmentName.Of(baseOffset, LostEnding));

    /// <summary>
    /// Gives the damaged file another name, which says so also after a crash in the middle of making it anew. A file that
    /// were gone would say that no transaction was aborted.
    /// </summary>
    public void SetTransactionsAside(long baseOffset)
    {
        var name = SegmentName.Of(baseOffset, SegmentName.Transactions);
        var aside = SegmentName.Of(baseOffset, LostEnding);
        disk.Files.Rename(PathOf(name), PathOf(aside));
        _files[aside] = _files[name];
        _files.Remove(name);
        _changed = true;
    }

    /// <summary>What was damaged and may go once it is made anew.</summary>
    public List<string> DamagedFiles() => Names(static name => name.EndsWith(SegmentName.Damaged, StringComparison.Ordinal)).ConvertAll(PathOf);

    private void RemoveEnding(string ending, RecoveryRow? row, string reason)
    {
        foreach (var name in Names(name => name.EndsWith(ending, StringComparison.Ordinal)))
        {
            Delete(name);
            if (row is { } known) Note(known, name, $"removed: {reason}");
        }
    }

    private void FinishSwaps()
    {
        foreach (var name in Names(static name => name.EndsWith(SegmentName.Log + SegmentName.Swap, StringComparison.Ordinal)))
        {
            if (!SegmentName.TryParse(name, SegmentName.Log + SegmentName.Swap, out var start)) continue;
            var end = EndOf(name, start);
            foreach (var original in Names(static name => name.EndsWith(SegmentName.Log, StringComparison.Ordinal)))
            {
                if (!SegmentName.TryParse(original, SegmentName.Log, out var replaced) || replaced < start || replaced >= Math.Max(end, start + 1)) continue;
                Delete(original);
                foreach (var ending in s_indexEndings) DeleteIfThere(SegmentName.Of(replaced, ending));
            }

            Note(RecoveryRow.F3, name, $"compaction had finished it: put in place of offsets {start} to {end - 1}");
        }

        // Indexes first, the log last: as long as its swap file is there, all of it is done again.
        foreach (var name in Names(static name => name.EndsWith(SegmentName.Swap, StringComparison.Ordinal) && !IsLogSwap(name)))
        {
            if (HasLogSwap(name)) FinishSwap(name);
            else RemoveUnfinished(name);
        }

        foreach (var name in Names(IsLogSwap)) FinishSwap(name);
    }

    /// <summary>
    /// Compaction gives the log's file its name last. Before that the originals count, and an index of the new segment in
    /// their place would hide what was aborted in them.
    /// </summary>
    private void RemoveUnfinished(string name)
    {
        Delete(name);
        Note(RecoveryRow.F2, name, "removed: compaction had not finished naming what it wrote; the originals are whole");
    }

    private bool HasLogSwap(string index) => _files.ContainsKey(index[..index.IndexOf('.', StringComparison.Ordinal)] + SegmentName.Log + SegmentName.Swap);

    private static bool IsLogSwap(string name) => name.EndsWith(SegmentName.Log + SegmentName.Swap, StringComparison.Ordinal);

    private void FinishSwap(string name)
    {
        var final = name[..^SegmentName.Swap.Length];
        disk.Files.Rename(PathOf(name), PathOf(final));
        _files[final] = _files[name];
        _files.Remove(name);
        _changed = true;
    }

    private long EndOf(string swap, long start)
    {
        var end = start;
        using var file = disk.Files.Open(PathOf(swap), OpenMode.Existing);
        var headers = new BatchHeaders(file, 0, (int)_files[swap], stackalloc byte[BatchHeaders.BufferSize]);
        while (headers.MoveNext()) end = headers.LastOffset + 1;
        return end;
    }

    private List<LogSegment> Segments()
    {
        var starts = new List<long>();
        foreach (var name in _files.Keys)
        {
            if (SegmentName.TryParse(name, SegmentName.Log, out var start)) starts.Add(start);
        }

        starts.Sort();
        var segments = new List<LogSegment>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var name = SegmentName.Of(starts[i], SegmentName.Log);
            var length = _files[name];
            if (length > int.MaxValue) throw new LogDamageException(PathOf(name), int.MaxValue, starts[i], $"{length} bytes; a segment has {int.MaxValue} at most");
            segments.Add(new LogSegment(disk, folder, starts[i], (int)length));
        }

        return segments;
    }

    private void RemoveIndexesWithout(List<LogSegment> segments)
    {
        foreach (var ending in s_endingsOfOne)
        {
            foreach (var name in Names(name => SegmentName.TryParse(name, ending, out _)))
            {
                SegmentName.TryParse(name, ending, out var start);
                if (!segments.Exists(segment => segment.BaseOffset == start)) Delete(name);
            }
        }
    }

    private void ReportOthers()
    {
        foreach (var name in Names(static name => !IsKnown(name))) Note(RecoveryRow.F7, name, "a file of no known kind; left alone");
        foreach (var name in Names(DamageFile.IsOne))
        {
            try
            {
                Damage.Add(DamageFile.Read(disk.Files, PathOf(name)));
            }
            catch (DamagedFileException damaged)
            {
                notes.Add(new RecoveryNote(RecoveryRow.C1, PathOf(name), damaged.Message, IsAlarm: true));
            }
        }
    }

    private static bool IsKnown(string name) =>
        name is LeaderEpochCheckpoint.FileName or PartitionMetadata.FileName or MovingMark.FileName
        || SegmentName.TryParse(name, SegmentName.Log, out _)
        || SegmentName.TryParse(name, SegmentName.Offsets, out _)
        || SegmentName.TryParse(name, SegmentName.Times, out _)
        || SegmentName.TryParse(name, SegmentName.Transactions, out _)
        || SegmentName.TryParse(name, LostEnding, out _)
        || ProducerSnapshotFiles.TryParse(name, out _)
        || KeptAside.IsOne(name)
        || DamageFile.IsOne(name);

    private List<string> Names(Predicate<string> isWanted)
    {
        var names = new List<string>();
        foreach (var name in _files.Keys)
        {
            if (isWanted(name)) names.Add(name);
        }

        return names;
    }

    private void DeleteIfThere(string name)
    {
        if (_files.ContainsKey(name)) Delete(name);
    }

    private void Delete(string name)
    {
        disk.Files.DeleteFile(PathOf(name));
        _files.Remove(name);
        _changed = true;
    }

    private void Note(RecoveryRow row, string name, string message) => notes.Add(new RecoveryNote(row, PathOf(name), $"{PathOf(name)}: {message}"));

    private string PathOf(string name) => Path.Combine(folder, name);
}
