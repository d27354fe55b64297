using Moldau.Storage.Files;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Partitions;

/// <summary>
/// The data folders of a broker (<c>log.dirs</c>): which of them has a partition's log, and which gets a new one. The first
/// has the metadata, too, and is in use as long as the broker is; any other may go offline, and its partitions with it.
/// </summary>
internal sealed class DataFolders(IFileSystem disk, IReadOnlyList<BrokerFolder> folders) : IDisposable
{
    private readonly Lock _sync = new();
    private readonly Dictionary<PartitionName, BrokerFolder> _places = [];
    private readonly Dictionary<BrokerFolder, int> _counts = [];

    public IReadOnlyList<BrokerFolder> All { get; } = folders;

    /// <summary>The first start's opening of all of them.</summary>
    public IReadOnlyList<FolderOpening> OpenLogs(IReadOnlyList<HostedLog> logs)
    {
        var shares = All.ToDictionary(static folder => folder, static _ => new List<HostedLog>());
        var doubled = new List<OpenedLog>();
        foreach (var log in logs)
        {
            var found = Owners(log.Name);
            if (found.Count > 1) doubled.Add(new OpenedLog(log, null, $"{log.Name} is in {string.Join(" and in ", found.Select(static folder => folder.Path))}: nobody can tell which it is; move one away"));
            else shares[Place(log.Name, found.Count == 1 ? found[0] : LostIn(log.Name) ?? Emptiest())].Add(log);
        }

        return [.. All.Select(folder => Open(folder, shares[folder])), new FolderOpening(doubled, [])];
    }

    /// <summary>One whose folder fails while it is made is made in another.</summary>
    public IReadOnlyList<OpenedLog> CreateLogs(IReadOnlyList<HostedLog> logs)
    {
        var outcomes = new List<OpenedLog>(logs.Count);
        IReadOnlyList<HostedLog> left = logs;
        while (left.Count > 0)
        {
            var again = new List<HostedLog>();
            foreach (var share in left.GroupBy(log => Place(log.Name, null)))
            {
                var made = Create(share.Key, [.. share]);
                foreach (var outcome in made)
                {
                    if (outcome.Log is not null || share.Key.Online is not null)
                    {
                        outcomes.Add(outcome);
                        continue;
                    }

                    Forget(outcome.Hosted.Name);
                    again.Add(outcome.Hosted);
                }
            }

            left = again;
        }

        return outcomes;
    }

    /// <summary>
    /// What lies in a folder that is offline stays there: a start that finds it knows no topic that it is of, and leaves it alone.
    /// </summary>
    public void DeleteLogs(IReadOnlyCollection<LogIdentity> logs)
    {
        foreach (var share in logs.GroupBy(log => FolderOf(log.Name)))
        {
            share.Key?.Online?.DeleteLogs([.. share]);
            foreach (var log in share) Forget(log.Name);
        }
    }

    /// <summary>Where a partition's log is; null where it has none.</summary>
    public BrokerFolder? FolderOf(PartitionName name)
    {
        lock (_sync) return _places.GetValueOrDefault(name);
    }

    public void Tick()
    {
        foreach (var folder in All) folder.Online?.Tick();
    }

    public void EpochsRaised()
    {
        foreach (var folder in All) folder.Online?.EpochsRaised();
    }

    public void Dispose()
    {
        foreach (var folder in All) folder.Opened?.Dispose();
    }

    private static IEnumerable<OpenedLog> Offline(BrokerFolder folder, IEnumerable<HostedLog> logs) =>
        logs.Select(log => new OpenedLog(log, null, $"{log.Name} is offline with {folder.Path}, where it is, or may be: {folder.OfflineReason}"));

    private FolderOpening Open(BrokerFolder folder, List<HostedLog> logs)
    {
        try
        {
            if (folder.Online is { } online) return online.OpenLogs(logs);
        }
        catch (DiskException failure) when (folder != All[0])
        {
            folder.TryGoOffline(failure.Message);
        }

        return new FolderOpening([.. Offline(folder, logs)], []);
    }

    private static IReadOnlyList<OpenedLog> Create(BrokerFolder folder, IReadOnlyList<HostedLog> logs)
    {
        try
        {
            return folder.Online?.CreateLogs(logs) ?? [.. Offline(folder, logs)];
        }
        catch (DiskException failure)
        {
            return [.. logs.Select(log => new OpenedLog(log, null, $"{log.Name} could not be made: {failure.Message}"))];
        }
    }

    private BrokerFolder Place(PartitionName name, BrokerFolder? where)
    {
        lock (_sync)
        {
            if (_places.TryGetValue(name, out var known)) return known;
            var chosen = where ?? Holders(name).FirstOrDefault() ?? Emptiest();
            _places.Add(name, chosen);
            _counts[chosen] = _counts.GetValueOrDefault(chosen) + 1;
            return chosen;
        }
    }

    private void Forget(PartitionName name)
    {
        lock (_sync)
        {
            if (_places.Remove(name, out var folder)) _counts[folder]--;
        }
    }

    /// <summary>The folders in use that have something of the partition's name.</summary>
    private IEnumerable<BrokerFolder> Holders(PartitionName name)
    {
        if (All.Count == 1) return All;
        return All.Where(folder => folder.Online is not null && disk.FolderExists(Path.Combine(folder.Path, name.ToString())));
    }

    /// <summary>
    /// At a start: where the partition's log is. One that was begun in a folder that failed lies there still, and was made
    /// in another: that one's recovery points name it, which is the last that is done before somebody is told.
    /// </summary>
    private List<BrokerFolder> Owners(PartitionName name)
    {
        List<BrokerFolder> found = [.. Holders(name)];
        if (found.Count < 2) return found;
        List<BrokerFolder> named = [.. found.Where(folder => folder.Online?.MayHaveHad(name) == true)];
        return named.Count == 1 ? named : found;
    }

    /// <summary>
    /// At a start, of a partition that is in no folder: one that has had it, as its recovery points say, or one that cannot
    /// be asked. It must not be made anew in another.
    /// </summary>
    private BrokerFolder? LostIn(PartitionName name) =>
        All.FirstOrDefault(folder => folder.Online?.MayHaveHad(name) == true) ?? All.FirstOrDefault(static folder => folder.Online is null);

    private BrokerFolder Emptiest()
    {
        var best = All[0];
        foreach (var folder in All)
        {
            if (folder.Online is not null && _counts.GetValueOrDefault(folder) < _counts.GetValueOrDefault(best)) best = folder;
        }

        return best;
    }
}
