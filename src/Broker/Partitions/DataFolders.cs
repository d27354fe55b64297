using Moldau.Storage.Files;
using Moldau.Storage.Folders;

namespace Moldau.Broker.Partitions;

/// <summary>
/// The data folders of a broker (<c>log.dirs</c>): which of them has a partition's log, and which gets a new one. The first
/// has the metadata, too, and is in use as long as the broker is; any other may go offline, and its partitions with it.
/// </summary>
/// <param name="disk">Where.</param>
/// <param name="folders">In the order of the setting.</param>
/// <param name="settings">Say in which of them no new logs are put (<c>cordoned.log.dirs</c>).</param>
internal sealed class DataFolders(IFileSystem disk, IReadOnlyList<BrokerFolder> folders, LiveSettings settings) : IDisposable
{
    private const int MostWanted = 10_000;

    private readonly Lock _sync = new();
    private readonly Dictionary<PartitionName, BrokerFolder> _places = [];
    private readonly Dictionary<BrokerFolder, int> _counts = [];
    private readonly Dictionary<PartitionName, BrokerFolder> _wanted = [];

    public IReadOnlyList<BrokerFolder> All { get; } = folders;

    /// <summary>The first start's opening of all of them.</summary>
    public IReadOnlyList<FolderOpening> OpenLogs(IReadOnlyList<HostedLog> logs)
    {
        var shares = All.ToDictionary(static folder => folder, static _ => new List<HostedLog>());
        var undecided = new List<OpenedLog>();
        var moved = new List<(PartitionName Name, BrokerFolder Folder)>();
        foreach (var log in logs)
        {
            var found = FoundLog.Of(log.Name, All, Holders(log.Name));
            if (found.Trouble is { } trouble) undecided.Add(new OpenedLog(log, null, trouble));
            else shares[Place(log.Name, found.Folder ?? LostIn(log.Name) ?? Emptiest())].Add(log);
            if (found is { IsCopy: true, Folder: { } folder }) moved.Add((log.Name, folder));
        }

        var untouched = undecided.Select(static log => log.Hosted.Name).ToHashSet();
        List<FolderOpening> openings = [.. All.Select(folder => Open(folder, shares[folder], untouched)), new FolderOpening(undecided, [])];
        foreach (var (name, folder) in moved) folder.Online?.Handover.Settle(name);
        return openings;
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

    /// <summary>A folder by its whole path, and not by another way to write it.</summary>
    public BrokerFolder? Find(string path)
    {
        foreach (var folder in All)
        {
            if (Path.GetFullPath(folder.Path) == path) return folder;
        }

        return null;
    }

    /// <summary>Where the log of a partition that is not yet is to be made.</summary>
    public void Want(PartitionName name, BrokerFolder folder)
    {
        lock (_sync)
        {
            // Whoever asks for ever more that never come is not to fill the memory.
            if (_wanted.Count < MostWanted || _wanted.ContainsKey(name)) _wanted[name] = folder;
        }
    }

    /// <summary>A partition's log lies in another folder now.</summary>
    public void Moved(PartitionName name, BrokerFolder folder)
    {
        lock (_sync)
        {
            if (_places.TryGetValue(name, out var before)) _counts[before]--;
            _places[name] = folder;
            _counts[folder] = _counts.GetValueOrDefault(folder) + 1;
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

    private FolderOpening Open(BrokerFolder folder, List<HostedLog> logs, HashSet<PartitionName> untouched)
    {
        try
        {
            if (folder.Online is { } online) return online.OpenLogs(logs, untouched);
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
            var chosen = where ?? Wanted(name) ?? Holders(name).FirstOrDefault() ?? Emptiest();
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

    /// <summary>As somebody has asked for it, once; also where the folder takes no other new logs.</summary>
    private BrokerFolder? Wanted(PartitionName name) => _wanted.Remove(name, out var folder) && folder.Online is not null ? folder : null;

    /// <summary>
    /// At a start, of a partition that is in no folder: one that has had it, as its recovery points say, or one that cannot
    /// be asked. It must not be made anew in another.
    /// </summary>
    private BrokerFolder? LostIn(PartitionName name) =>
        All.FirstOrDefault(folder => folder.Online?.MayHaveHad(name) == true) ?? All.FirstOrDefault(static folder => folder.Online is null);

    /// <summary>Of those that take new logs; of all where none does, since somebody has decided that there is to be one.</summary>
    private BrokerFolder Emptiest()
    {
        var cordoned = settings.Current.Folders.Cordoned;
        return EmptiestOf(folder => !cordoned.Contains(folder.Path)) ?? EmptiestOf(static _ => true)!;
    }

    private BrokerFolder? EmptiestOf(Predicate<BrokerFolder> isWanted)
    {
        BrokerFolder? best = null;
        foreach (var folder in All)
        {
            if (folder.Online is null || !isWanted(folder)) continue;
            if (best is null || _counts.GetValueOrDefault(folder) < _counts.GetValueOrDefault(best)) best = folder;
        }

        return best;
    }
}
