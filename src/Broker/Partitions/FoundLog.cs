using Moldau.Storage.Folders;

namespace Moldau.Broker.Partitions;

/// <summary>
/// In which folder a start finds a partition's log, of those that have a folder of its name. One that was begun in a data
/// folder that failed lies there still, and was made in another, whose recovery points name it: that is the last that is
/// done before somebody is told. A copy that a move has left counts only where the log it is of is certain to be gone.
/// </summary>
/// <param name="Folder">Null where none has it.</param>
/// <param name="IsCopy">Whether it was a copy until now: the log it is of is gone.</param>
/// <param name="Trouble">Why nobody can tell.</param>
internal readonly record struct FoundLog(BrokerFolder? Folder, bool IsCopy = false, string? Trouble = null)
{
    public static FoundLog Of(PartitionName name, IReadOnlyList<BrokerFolder> all, IEnumerable<BrokerFolder> holders)
    {
        if (all.Count == 1) return new FoundLog(all[0]);
        var logs = new List<BrokerFolder>();
        var copies = new List<BrokerFolder>();
        foreach (var holder in holders) (holder.Opened!.Handover.SourceOf(name) is null ? logs : copies).Add(holder);
        if (logs.Count == 0 && copies.Count > 0) return OfCopies(name, all, copies);
        if (logs.Count < 2) return new FoundLog(logs.FirstOrDefault());
        List<BrokerFolder> named = [.. logs.Where(folder => folder.Opened!.MayHaveHad(name))];
        return named.Count == 1 ? new FoundLog(named[0]) : new FoundLog(null, Trouble: $"{name} is in {Join(logs)}: nobody can tell which it is; move one away");
    }

    private static FoundLog OfCopies(PartitionName name, IReadOnlyList<BrokerFolder> all, List<BrokerFolder> copies)
    {
        if (all.FirstOrDefault(static folder => folder.Online is null) is { } offline)
            return new FoundLog(null, Trouble: $"{name} is offline: in {Join(copies)} is a copy of it, and whether its log is still in {offline.Path} cannot be seen: {offline.OfflineReason}");
        // It is complete where the recovery points name it, and its log is gone where the folder that had it can be asked.
        List<BrokerFolder> complete = [.. copies.Where(folder =>
            folder.Opened!.MayHaveHad(name) && folder.Opened.Handover.SourceOf(name) is { } from && all.Any(source => source.Opened!.DirectoryId == from))];
        return complete.Count == 1
            ? new FoundLog(complete[0], IsCopy: true)
            : new FoundLog(null, Trouble: $"{name} is offline: what is in {Join(copies)} is a copy of it that may not be complete, and its log is in none of the folders; bring that one back");
    }

    private static string Join(IEnumerable<BrokerFolder> folders) => string.Join(" and in ", folders.Select(static folder => folder.Path));
}
