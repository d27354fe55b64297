using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Recovery;

/// <summary>
/// The bytes above the recovery point: read batch by batch, and cut where they are not sound. Where nobody can tell where
/// the point lies in its segment, that segment is read from its start, and what is unsound below the point is set aside.
/// </summary>
internal sealed class TailRecovery(
    LogDisk disk, string folder, LogLoadRequest request, FolderSweep sweep, LeaderEpochCache epochs, List<LogSegment> segments,
    List<RecoveryNote> notes, List<string> unflushed)
{
    private LogSegment? _splitOff;

    private long Point => request.RecoveryPoint;

    /// <summary>The place of the first segment whose indexes are not as its files have them; null where none was looked into.</summary>
    public int? FirstRead { get; private set; }

    /// <summary>The first segment whose file of aborted transactions was damaged; null where none was.</summary>
    public long? LostTransactionsFrom { get; private set; }

    /// <summary>Aborted transactions that ended here or later are to be looked for in the batches; null where the files have all.</summary>
    public long? TransactionsFrom => LostTransactionsFrom < Point || FirstRead is null ? LostTransactionsFrom : Point;

    /// <returns>The offset behind the last sound record; the recovery point where that is higher.</returns>
    public long Run()
    {
        var index = FindPoint();
        for (var i = 0; i < index; i++) CheckTransactions(segments[i]);

        var end = segments[index].BaseOffset;
        for (; index < segments.Count; index++)
        {
            var segment = segments[index];
            // A roll that nobody went on with; elsewhere it is what is left of a segment that never reached the disk.
            if (segment.Length == 0 && segment.BaseOffset < end && index < segments.Count - 1)
            {
                sweep.RemoveEmpty(segments, index--);
                continue;
            }

            if (FirstRead is not null && !IsExplained(end, segment.BaseOffset))
            {
                CutSegments(index, $"offset {segment.BaseOffset} where {end} follows");
                break;
            }

            // Nothing of it has reached the disk, and what follows goes on all the same: it lies below the log's start.
            if (index > FirstRead && segments[index - 1].Length == 0) sweep.RemoveEmpty(segments, --index);
            FirstRead ??= index;
            end = Recover(segment);
        }

        return end >= Point ? end : BelowPoint(end);
    }

    /// <summary>The place of the segment that holds the recovery point.</summary>
    private int FindPoint()
    {
        var index = 0;
        while (index < segments.Count - 1 && segments[index + 1].BaseOffset <= Point)
        {
            if (!TryRemoveEmpty(index)) index++;
        }

        return index;
    }

    /// <summary>
    /// Takes out a segment without batches that others follow. Not the first one where nothing explains that it has none:
    /// without it the log would begin at the next, and nobody would hear of what was between the two.
    /// </summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryRemoveEmpty(int index)
    {
        var segment = segments[index];
        if (segment.Length > 0) return false;
        var next = segments[index + 1].BaseOffset;
        if (index == 0 && next > request.StartOffset && !AllowsGaps(segment.BaseOffset))
        {
            TellLost(segment, next);
            return false;
        }

        sweep.RemoveEmpty(segments, index);
        return true;
    }

    private void TellLost(LogSegment segment, long next)
    {
        // Told once; it stays told until somebody accepts it.
        if (sweep.Damage.Exists(range => range.From == segment.BaseOffset && range.UpTo >= next)) return;
        var reason = $"{segment.File.Path}: empty, and had offsets {segment.BaseOffset} to {next - 1}";
        RecordDamage(new LogDamageRange(segment.BaseOffset, next, reason));
        notes.Add(new RecoveryNote(RecoveryRow.C1, segment.File.Path, $"{reason}: they are lost", IsAlarm: true));
    }

    private bool IsExplained(long end, long next) =>
        next == end || (AllowsGaps(end) && next > end) || (end < next && next <= request.StartOffset) || sweep.Damage.Exists(range => range.From == end && range.UpTo == next);

    // Ours stays below the recovery point, and Kafka's below its own checkpoint. A gap above is what was cut just now, or
    // never reached the disk.
    private bool AllowsGaps(long offset) => (request.Settings.Compacts && offset < Point) || offset < request.CompactedUpTo;

    /// <summary>Reads one segment from the recovery point on, or whole.</summary>
    /// <returns>The offset behind its last sound record.</returns>
    private long Recover(LogSegment segment)
    {
        var (builder, position, offset) = StartOf(segment);
        if (position == segment.Length)
        {
            segment.Adopt(builder.Indexes);
            return offset;
        }

        WriteLastTimeAgain(segment, builder.Indexes.Times);
        var file = segment.File.Hold();
        ScanResult scan;
        try
        {
            scan = new SegmentScan(file).Run(position, offset, builder, epochs);
            if (scan.Stop != ScanStop.End) Cut(segment, file, scan);
            WrittenAgain.Run(file, position, scan.Position);
        }
        finally
        {
            segment.File.LetGo();
        }

        segment.Publish((int)scan.Position);
        var indexes = builder.Complete();
        if (position == 0 && Point > segment.BaseOffset) SaveTimesFirst(segment, indexes.Times);
        segment.Adopt(indexes);
        unflushed.Add(segment.File.Path);
        return scan.EndOffset;
    }

    /// <summary>
    /// Indexes that are built again below the point replace others, and a power failure may leave a part of each. An index of
    /// times that lacks something looks like one that never had it, and where the one of offsets leads past its records
    /// nobody finds them any more: so that one is emptied first, and written when the times are on disk.
    /// </summary>
    private void SaveTimesFirst(LogSegment segment, TimeIndex times)
    {
        using (var offsets = disk.Files.Open(segment.PathOf(SegmentName.Offsets), OpenMode.ExistingOrNew))
        {
            offsets.SetLength(0);
            offsets.Flush();
        }

        using var file = disk.Files.Open(segment.PathOf(SegmentName.Times), OpenMode.ExistingOrNew);
        times.SaveTo(file);
        file.Flush();
    }

    /// <summary>
    /// The greatest timestamp below the point may have been noted above it, by a flush that failed: its entry speaks of an
    /// offset below the point, so it stays, but it is as little on disk as the bytes behind it.
    /// </summary>
    private void WriteLastTimeAgain(LogSegment segment, TimeIndex known)
    {
        if (known.Count == 0) return;
        var path = segment.PathOf(SegmentName.Times);
        using var file = disk.Files.Open(path, OpenMode.Existing);
        WrittenAgain.Run(file, known.Length - TimeIndex.EntrySize, known.Length);
        unflushed.Add(path);
    }

    /// <summary>Where in the segment the recovery point lies, and the indexes up to there.</summary>
    private (IndexBuilder Indexes, int Position, long Offset) StartOf(LogSegment segment)
    {
        var transactions = ReadTransactions(segment) ?? new TransactionIndex(segment.BaseOffset);
        transactions.TruncateTo(Point);
        var (offsets, times) = SegmentIndexes.ReadPlaces(disk.Files, folder, segment.BaseOffset, segment.Length);
        if (Point > segment.BaseOffset && offsets is not null && times is not null)
        {
            offsets.TruncateTo(Point);
            times.TruncateTo(Point);
            var known = NewBuilder(new SegmentIndexes(offsets, times, transactions));
            if (TryFindPoint(segment, known) is { } found) return (known, found.Position, found.Offset);
        }

        if (segment.Length > 0 && Point > segment.BaseOffset && segment != _splitOff)
            notes.Add(new RecoveryNote(RecoveryRow.F4, segment.File.Path, $"{segment.File.Path}: no index that leads to offset {Point}; the segment is read from its start"));
        var empty = new SegmentIndexes(new OffsetIndex(segment.BaseOffset), new TimeIndex(segment.BaseOffset), transactions);
        return (NewBuilder(empty), 0, segment.BaseOffset);
    }

    private IndexBuilder NewBuilder(SegmentIndexes indexes) => new(indexes, request.Settings.IndexIntervalBytes);

    private (int Position, long Offset)? TryFindPoint(LogSegment segment, IndexBuilder known)
    {
        var file = segment.File.Hold();
        try
        {
            var (position, offset) = (0, segment.BaseOffset);
            var headers = new BatchHeaders(file, known.Indexes.Offsets.Last.Position, segment.Length, stackalloc byte[BatchHeaders.BufferSize]);
            while (offset < Point && headers.MoveNext())
            {
                if (headers.LastOffset < offset || headers.BaseOffset >= Point) return null;
                known.Pass(headers.LastOffset, headers.MaxTimestamp);
                (position, offset) = (headers.Position + headers.Size, headers.LastOffset + 1);
            }

            return offset == Point ? (position, offset) : null;
        }
        catch (LogDamageException)
        {
            return null;
        }
        finally
        {
            segment.File.LetGo();
        }
    }

    /// <summary>Looks whether the aborted transactions of a segment that is not read can be read.</summary>
    public void CheckTransactions(LogSegment segment)
    {
        if (ReadTransactions(segment) is not null) return;
        var (offsets, times) = SegmentIndexes.ReadPlaces(disk.Files, folder, segment.BaseOffset, segment.Length);
        var none = new TransactionIndex(segment.BaseOffset);
        if (offsets is not null && times is not null)
        {
            segment.Adopt(new SegmentIndexes(offsets, times, none));
            return;
        }

        var indexes = IndexRebuild.Of(segment, segment.Length, none, request.Settings.IndexIntervalBytes);
        SaveTimesFirst(segment, indexes.Times);
        segment.Adopt(indexes);
    }

    /// <returns>Null where they are to be found again.</returns>
    private TransactionIndex? ReadTransactions(LogSegment segment)
    {
        try
        {
            if (!sweep.HasLostTransactions(segment.BaseOffset)) return SegmentIndexes.ReadTransactions(disk.Files, folder, segment.BaseOffset);
        }
        catch (DamagedFileException damaged)
        {
            notes.Add(new RecoveryNote(RecoveryRow.F4, damaged.Path, $"{damaged.Message}; built again from the segment"));
            sweep.SetTransactionsAside(segment.BaseOffset);
        }

        unflushed.Add(folder);
        LostTransactionsFrom ??= segment.BaseOffset;
        return null;
    }

    private void Cut(LogSegment segment, IFile file, in ScanResult scan)
    {
        var isBelow = scan.EndOffset < Point;
        if (isBelow && scan.Stop == ScanStop.Suspect && scan.NextOffset >= scan.EndOffset) SplitOff(segment, file, scan);
        var lost = file.Length - scan.Position;
        var row = isBelow ? RecoveryRow.C1 : scan.Stop switch
        {
            ScanStop.Zeros => RecoveryRow.T3,
            ScanStop.Torn => RecoveryRow.T2,
            _ => RecoveryRow.T4,
        };
        var kept = scan.Stop == ScanStop.Zeros ? "nothing to keep" : "kept in " + KeptAside.Copy(disk.Files, file, scan.Position);
        // Before it is done: where the disk says that it failed it may be done all the same.
        notes.Add(new RecoveryNote(
            row, file.Path, $"{file.Path}: cut at byte {scan.Position}, offset {scan.EndOffset}: {lost} bytes, {scan.Problem}; {kept}",
            IsAlarm: row is RecoveryRow.T4 or RecoveryRow.C1));
        file.SetLength(scan.Position);
    }

    /// <summary>
    /// What is sound behind damage below the recovery point becomes a segment of its own, so that only the damage is lost.
    /// Where it is there already, a crash has interrupted this, and it is written once more.
    /// </summary>
    private void SplitOff(LogSegment segment, IFile file, ScanResult scan)
    {
        var lost = new LogDamageRange(scan.EndOffset, scan.NextOffset, $"{file.Path}, byte {scan.Position}: {scan.Problem}");
        RecordDamage(lost);
        var place = segments.FindIndex(other => other.BaseOffset >= scan.NextOffset);
        if (place >= 0 && segments[place].BaseOffset == scan.NextOffset)
        {
            segments[place].Delete();
            segments.RemoveAt(place);
        }

        var length = (int)(file.Length - scan.NextPosition);
        var rest = new LogSegment(disk, folder, scan.NextOffset, length);
        var buffer = new byte[256 * 1024];
        var copy = rest.File.Create();
        try
        {
            for (var at = 0; at < length;)
            {
                var read = file.Read(scan.NextPosition + at, buffer.AsSpan(0, Math.Min(buffer.Length, length - at)));
                copy.Write(at, buffer.AsSpan(0, read));
                at += read;
            }

            copy.Flush();
        }
        finally
        {
            rest.File.LetGo();
        }

        disk.Files.FlushFolder(folder);
        segments.Insert(segments.IndexOf(segment) + 1, rest);
        _splitOff = rest;
    }

    /// <summary>Everything that was acknowledged lay below the point, so the log goes on behind it, and what is missing is told as lost.</summary>
    private long BelowPoint(long end)
    {
        var reason = $"{folder}: ends at offset {end}, below its recovery point {Point}";
        RecordDamage(new LogDamageRange(end, Point, reason));
        notes.Add(new RecoveryNote(RecoveryRow.T6, folder, $"{reason}: offsets {end} to {Point - 1} are lost; the log goes on at {Point}", IsAlarm: true));
        segments.Add(LogSegment.Create(disk, folder, Point));
        unflushed.Add(segments[^1].File.Path);
        unflushed.Add(folder);
        return Point;
    }

    private void RecordDamage(LogDamageRange range)
    {
        // The same again after a crash in the middle of it.
        sweep.Damage.RemoveAll(known => known.From == range.From);
        DamageFile.Write(disk.Files, folder, range);
        sweep.Damage.Add(range);
    }

    private void CutSegments(int first, string reason)
    {
        for (var i = segments.Count - 1; i >= first; i--)
        {
            var segment = segments[i];
            var row = segment.BaseOffset < Point ? RecoveryRow.C2 : RecoveryRow.T5;
            segment.Release();
            if (segment.Length == 0)
            {
                disk.Files.DeleteFile(segment.File.Path);
            }
            else
            {
                var kept = KeptAside.FreePath(disk.Files, segment.File.Path);
                notes.Add(new RecoveryNote(
                    row, segment.File.Path, $"{segment.File.Path}: {segment.Length} bytes from offset {segment.BaseOffset} on are cut, {reason}; kept in {kept}", IsAlarm: true));
                disk.Files.Rename(segment.File.Path, kept);
            }

            foreach (var ending in (ReadOnlySpan<string>)[SegmentName.Offsets, SegmentName.Times, SegmentName.Transactions])
            {
                if (disk.Files.FileExists(segment.PathOf(ending))) disk.Files.DeleteFile(segment.PathOf(ending));
            }
        }

        if (first < segments.Count) unflushed.Add(folder);
        segments.RemoveRange(first, segments.Count - first);
    }
}
