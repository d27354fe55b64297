using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Partitions;

/// <summary>The data folders of a broker (<c>log.dirs</c>): which of them has a partition's log, and which gets a new one.</summary>
internal sealed class DataFolders(IFileSystem disk, IReadOnlyList<DataFolder> folders) : IDisposable
{
    private readonly Lock _sync = new();
    private readonly Dictionary<PartitionName, DataFolder> _places = [];
    private readonly Dictionary<DataFolder, int> _counts = [];

    public IReadOnlyList<DataFolder> All { get; } = folders;

    /// <summary>The first start's opening of all of them.</summary>
    public IReadOnlyList<FolderOpening> OpenLogs(IReadOnlyList<HostedLog> logs)
    {
        var shares = All.ToDictionary(static folder => folder, static _ => new List<HostedLog>());
        foreach (var log in logs) shares[Place(log.Name)].Add(log);
        return [.. All.Select(folder => folder.OpenLogs(shares[folder]))];
    }

    public IReadOnlyList<OpenedLog> CreateLogs(IReadOnlyList<HostedLog> logs)
    {
        var outcomes = new List<OpenedLog>(logs.Count);
        foreach (var share in logs.GroupBy(log => Place(log.Name))) outcomes.AddRange(share.Key.CreateLogs([.. share]));
        return outcomes;
    }

    public void DeleteLogs(IReadOnlyCollection<LogIdentity> logs)
    {
        foreach (var share in logs.GroupBy(log => Place(log.Name)))
        {
            share.Key.DeleteLogs([.. share]);
            foreach (var log in share) Forget(log.Name);
        }
    }

    /// <summary>Where a partition's log is, or goes.</summary>
    public DataFolder FolderOf(PartitionName name) => Place(name);

    public void Tick()
    {
        foreach (var folder in All) folder.Tick();
    }

    public void EpochsRaised()
    {
        foreach (var folder in All) folder.EpochsRaised();
    }

    public IReadOnlyList<FolderClosing> Close(long brokerEpoch) => [.. All.Select(folder => folder.Close(brokerEpoch))];

    public void Dispose()
    {
        foreach (var folder in All) folder.Dispose();
    }

    private DataFolder Place(PartitionName name)
    {
        lock (_sync)
        {
            if (_places.TryGetValue(name, out var known)) return known;
            var chosen = Existing(name) ?? Emptiest();
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

    private DataFolder? Existing(PartitionName name)
    {
        if (All.Count == 1) return All[0];
        foreach (var folder in All)
        {
            if (disk.FolderExists(Path.Combine(folder.Path, name.ToString()))) return folder;
        }

        return null;
    }

    private DataFolder Emptiest()
    {
        var best = All[0];
        foreach (var folder in All)
        {
            if (_counts.GetValueOrDefault(folder) < _counts.GetValueOrDefault(best)) best = folder;
        }

        return best;
    }
}
