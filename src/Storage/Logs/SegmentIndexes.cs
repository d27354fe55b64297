using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>The indexes of one segment, in memory.</summary>
internal sealed class SegmentIndexes(OffsetIndex offsets, TimeIndex times, TransactionIndex transactions)
{
    public OffsetIndex Offsets { get; } = offsets;

    public TimeIndex Times { get; } = times;

    public TransactionIndex Transactions { get; } = transactions;

    public long Size => Offsets.Length + Times.Length + Transactions.Length;

    public static SegmentIndexes Empty(long baseOffset) => new(new OffsetIndex(baseOffset), new TimeIndex(baseOffset), new TransactionIndex(baseOffset));

    /// <summary>Reads where to look. What is missing or damaged is null: it can be had from the segment.</summary>
    public static (OffsetIndex? Offsets, TimeIndex? Times) ReadPlaces(IFileSystem disk, string folder, long baseOffset, int segmentLength) =>
    (
        TryRead(disk, folder, baseOffset, SegmentName.Offsets, file => OffsetIndex.Read(file, baseOffset, segmentLength)),
        TryRead(disk, folder, baseOffset, SegmentName.Times, file => TimeIndex.Read(file, baseOffset)));

    /// <summary>Reads the aborted transactions; there is no file where there are none.</summary>
    /// <exception cref="DamagedFileException">There is one, and nobody can tell from the segment alone what was in it.</exception>
    public static TransactionIndex ReadTransactions(IFileSystem disk, string folder, long baseOffset)
    {
        var path = Name(folder, baseOffset, SegmentName.Transactions);
        if (!disk.FileExists(path)) return new TransactionIndex(baseOffset);
        using var file = disk.Open(path, OpenMode.Existing);
        return TransactionIndex.Read(file, baseOffset);
    }

    /// <summary>
    /// Brings the files up to date, into the page cache. One of transactions is made only where there are any.
    /// </summary>
    /// <param name="disk">Where.</param>
    /// <param name="folder">The log's.</param>
    /// <param name="written">Collects the paths of the files that are to be flushed.</param>
    public void Save(IFileSystem disk, string folder, List<string> written)
    {
        SaveOne(disk, Name(folder, Offsets.BaseOffset, SegmentName.Offsets), written, Offsets.SaveTo);
        SaveOne(disk, Name(folder, Offsets.BaseOffset, SegmentName.Times), written, Times.SaveTo);
        var transactions = Name(folder, Offsets.BaseOffset, SegmentName.Transactions);
        if (Transactions.Count > 0 || disk.FileExists(transactions)) SaveOne(disk, transactions, written, Transactions.SaveTo);
    }

    /// <summary>
    /// Brings to disk what a cut took away. Not later: once the log has rolled nobody looks any more whether an entry lies
    /// above the segment's end.
    /// </summary>
    public void CutFiles(IFileSystem disk, string folder)
    {
        CutOne(disk, Name(folder, Offsets.BaseOffset, SegmentName.Offsets), Offsets.CutFile);
        CutOne(disk, Name(folder, Offsets.BaseOffset, SegmentName.Times), Times.CutFile);
        CutOne(disk, Name(folder, Offsets.BaseOffset, SegmentName.Transactions), Transactions.CutFile);
    }

    private static void CutOne(IFileSystem disk, string path, Predicate<IFile> cut)
    {
        if (!disk.FileExists(path)) return;
        using var file = disk.Open(path, OpenMode.Existing);
        if (cut(file)) file.Flush();
    }

    private static void SaveOne(IFileSystem disk, string path, List<string> written, Action<IFile> save)
    {
        using var file = disk.Open(path, OpenMode.ExistingOrNew);
        save(file);
        written.Add(path);
    }

    private static T? TryRead<T>(IFileSystem disk, string folder, long baseOffset, string ending, Func<IFile, T> read)
        where T : class
    {
        try
        {
            using var file = disk.Open(Name(folder, baseOffset, ending), OpenMode.Existing);
            return read(file);
        }
        catch (DiskException missing) when (missing.Fault == DiskFault.NotFound)
        {
            return null;
        }
        catch (DamagedFileException)
        {
            return null;
        }
    }

    private static string Name(string folder, long baseOffset, string ending) => Path.Combine(folder, SegmentName.Of(baseOffset, ending));
}
