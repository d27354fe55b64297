using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Moldau.Storage.Moving;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Folders;

/// <summary>
/// Opens all logs of a data folder at a start: compares the folders that are there with the partitions that are to be,
/// by the rows W7 to W9 of docs/internals/recovery.md, and loads them in parallel. What is wrong with one log is told of
/// that log.
/// </summary>
internal sealed class LogOpening(
    LogDisk disk, string folder, FolderCheckpoints checkpoints, LogCreation creation, Random chance, int parallelism, bool wasClosed, List<RecoveryNote> notes)
{
    private readonly List<string> _leaving = [];
    private bool _pointsAreKnown;

    /// <summary>Folders whose deletion is to be finished.</summary>
    public IReadOnlyList<string> Leaving => _leaving;

    /// <returns>Each of the partitions, its log open or with a reason why not.</returns>
    /// <exception cref="Files.DiskException">The data folder itself cannot be read.</exception>
    public IReadOnlyList<OpenedLog> Run(IReadOnlyList<HostedLog> hosted, IReadOnlySet<PartitionName> undecided)
    {
        _pointsAreKnown = checkpoints.Read(notes);
        if (wasClosed) checkpoints.ReadClosedLengths(notes);
        var survey = FolderSurvey.Of(disk.Files, folder);
        ForgetDeleted(survey);
        RemoveCopies(survey, hosted, undecided);
        var pending = new List<PendingLog>(hosted.Count);
        foreach (var log in hosted) pending.Add(new PendingLog(log));
        InParallel(pending, log => log.Try(() => LoadFound(log, survey)));
        var made = pending.FindAll(static log => !log.IsDecided);
        foreach (var log in made) log.IsMade = true;
        creation.Run(made);
        PendingLog.Flush(disk.Files, folder, pending);
        Settle(pending, made, survey);
        ReportOthers(pending, survey);
        return pending.ConvertAll(static log => log.Outcome);
    }

    /// <summary>
    /// A deletion that was interrupted between the folder's new name and the checkpoints: the entry that is still there is
    /// the deleted log's, and must not make a partition that is new look lost.
    /// </summary>
    private void ForgetDeleted(FolderSurvey survey)
    {
        foreach (var name in survey.Leaving)
        {
            _leaving.Add(name);
            if (!LeavingName.TryParse(name, out var leaving) || !LogDeletion.MayBeNamed(disk.Files, folder, name)) continue;
            foreach (var place in checkpoints.Places())
            {
                if (leaving.Fits(place.Name) && !survey.Partitions.Contains(place.Name)) checkpoints.Remove(place.Name);
            }
        }
    }

    /// <summary>Copies that a move has left: the partition is served elsewhere, or is no more.</summary>
    private void RemoveCopies(FolderSurvey survey, IReadOnlyList<HostedLog> hosted, IReadOnlySet<PartitionName> undecided)
    {
        var wanted = new HashSet<PartitionName>(undecided);
        foreach (var log in hosted) wanted.Add(log.Name);
        var copies = new List<PartitionName>();
        foreach (var name in survey.Partitions)
        {
            if (!wanted.Contains(name) && MovingMark.IsIn(disk.Files, Path.Combine(folder, name.ToString()))) copies.Add(name);
        }

        if (copies.Count == 0) return;
        foreach (var name in copies)
        {
            var path = Path.Combine(folder, name.ToString());
            var leaving = LeavingName.ForDeletion(name, RandomId.Next(chance));
            disk.Files.Rename(path, Path.Combine(folder, leaving));
            survey.Partitions.Remove(name);
            checkpoints.Remove(name);
            _leaving.Add(leaving);
            notes.Add(new RecoveryNote(RecoveryRow.W10, path, $"{path} is the copy of a move that did not come to its end: removed; the log itself is where it was"));
        }

        disk.Files.FlushFolder(folder);
    }

    private void InParallel(List<PendingLog> pending, Action<PendingLog> step)
    {
        if (parallelism > 1)
        {
            Parallel.ForEach(pending, new ParallelOptions { MaxDegreeOfParallelism = parallelism }, step);
            return;
        }

        foreach (var log in pending) step(log);
    }

    /// <summary>Loads what is there; leaves undecided what is to be made.</summary>
    private void LoadFound(PendingLog log, FolderSurvey survey)
    {
        var name = log.Hosted.Name;
        var path = Path.Combine(folder, name.ToString());
        var place = checkpoints.Find(name);
        if (!survey.Partitions.Contains(name))
        {
            if (place?.Point is null && _pointsAreKnown) return;
            var why = _pointsAreKnown
                ? $"had records up to offset {place?.Point} at least"
                : "may have had records: the recovery points, which would name it, cannot be read";
            log.Offline(RecoveryRow.W9, path, $"{name} is offline: its folder {path} is gone, and it {why}; it is not made anew: bring the folder back, or delete the topic");
            return;
        }

        var isNamed = place?.Point is not null || !_pointsAreKnown;
        // Its making was interrupted, perhaps by a flush that failed: what can be read of it may never have reached the disk.
        if (!isNamed && LogCreation.IsEmpty(disk.Files, path)) return;
        if (!BelongsTo(log, path, isNamed)) return;
        var request = new LogLoadRequest(
            place?.Point ?? 0, place?.StartOffset ?? 0, wasClosed && place?.Point is not null, place?.CompactedUpTo ?? 0, log.Hosted.Settings,
            HadSegment: isNamed, ClosedLength: place?.ClosedLength);
        log.Loaded(LogLoader.Load(disk, path, request, log.Notes));
    }

    /// <returns>False where the folder is another topic's, or nobody can tell; undecided where it is to be made.</returns>
    private bool BelongsTo(PendingLog log, string path, bool isNamed)
    {
        var file = Path.Combine(path, PartitionMetadata.FileName);
        string problem;
        try
        {
            if (PartitionMetadata.Read(disk.Files, file) is { } metadata) return metadata.TopicId == log.Hosted.TopicId;
            problem = $"{file} is missing; write it anew with the topic's id, {log.Hosted.TopicId}";
        }
        catch (DamagedFileException damaged)
        {
            problem = damaged.Message;
        }

        // Its making was interrupted, and nobody was told that it is there.
        if (!isNamed && LogCreation.IsEmpty(disk.Files, path)) return false;
        log.Offline(RecoveryRow.W8, path, $"{log.Hosted.Name} is offline, since nobody can tell whether {path} is its folder: {problem}");
        return false;
    }

    private void ReportOthers(List<PendingLog> pending, FolderSurvey survey)
    {
        var hosted = new HashSet<PartitionName>(pending.Count);
        foreach (var log in pending)
        {
            hosted.Add(log.Hosted.Name);
            notes.AddRange(log.Notes);
        }

        foreach (var name in survey.Partitions)
        {
            if (!hosted.Contains(name)) ReportStray(name.ToString());
        }

        foreach (var name in survey.Others) ReportStray(name);
    }

    private void ReportStray(string name)
    {
        var path = Path.Combine(folder, name);
        notes.Add(new RecoveryNote(RecoveryRow.W8, path, $"{path} is no folder of a partition that this node has: left alone, and not served; delete it when nobody misses it"));
    }

    private void Settle(List<PendingLog> pending, List<PendingLog> made, FolderSurvey survey)
    {
        foreach (var log in pending)
        {
            if (log.IsMade) continue;
            log.Log?.Opened();
            checkpoints.Put(log.Hosted, log.Log, log.OfflineReason);
            // Who cannot tell what there was keeps it so: with an entry it is never made anew.
            if (log.Log is null && !_pointsAreKnown) checkpoints.PlaceOf(log.Hosted.Name).Point ??= 0;
        }

        foreach (var place in checkpoints.Places())
        {
            if (place.Hosted is null && !survey.Partitions.Contains(place.Name)) checkpoints.Remove(place.Name);
        }

        creation.Commit(made);
    }
}
