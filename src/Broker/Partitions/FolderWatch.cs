using Moldau.Broker.Diagnostics;
using Moldau.Storage.Files;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Partitions;

/// <summary>
/// Opens the data folders at a start, and hears of it when one fails: the first takes the broker with it, any other only
/// its partitions.
/// </summary>
internal sealed class FolderWatch
{
    private readonly BrokerOptions _options;
    private readonly LiveSettings _settings;
    private readonly PartitionLogbook _log;
    private readonly Action<PartitionLog> _keepHouse;
    private readonly BrokerFigures _figures;
    private readonly TaskCompletionSource<string> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Folder, LogDisk Disk)> _disks = [];

    public FolderWatch(BrokerOptions options, LiveSettings settings, PartitionLogbook log, BrokerFigures figures, Action<PartitionLog> keepHouse)
    {
        _figures = figures;
        _options = options;
        _settings = settings;
        _log = log;
        _keepHouse = keepHouse;
        Folders = new DataFolders(options.Disk, [.. settings.Current.Folders.Paths.Select(static path => new BrokerFolder(path))], settings);
    }

    public DataFolders Folders { get; }

    /// <summary>What the folders stand on, in their order.</summary>
    public IReadOnlyList<(string Folder, LogDisk Disk)> Disks => _disks;

    /// <summary>Ends, with the reason, when the first folder has failed.</summary>
    public Task<string> Failure => _failure.Task;

    /// <summary>Is told of a folder that goes offline; set before logs are opened.</summary>
    public PartitionHosting? Hosting { get; set; }

    /// <returns>The cluster's id.</returns>
    /// <exception cref="FolderRefusedException">One is in use, another's, or of another format.</exception>
    /// <exception cref="DiskException">The first cannot be opened.</exception>
    public string Open()
    {
        var clusterId = _options.ClusterId;
        foreach (var folder in Folders.All)
        {
            var files = new WatchedFileSystem(_options.Disk, folder.Path, isIndispensable: folder == Folders.All[0]);
            var disk = new LogDisk(files, _options.Clock);
            _disks.Add((folder.Path, disk));
            _figures.Follow(folder.Path, disk.Flusher);
            try
            {
                folder.Opened = Open(folder.Path, disk, clusterId);
            }
            catch (DiskException failure) when (folder != Folders.All[0])
            {
                GoOffline(folder, failure);
                continue;
            }

            files.Failed = failure => Failed(folder, failure);
            clusterId ??= folder.Opened.ClusterId;
        }

        return clusterId!;
    }

    private DataFolder Open(string path, LogDisk disk, string? clusterId) => DataFolder.Open(disk, path, new DataFolderOptions
    {
        ClusterId = clusterId,
        NodeId = _settings.Node,
        Owner = _options.Owner,
        Chance = _options.Chance,
        KeepHouse = _keepHouse,
        Upgrades = _options.Upgrades,
        Parallelism = Math.Max(_settings.Current.Folders.RecoveryThreads, Environment.ProcessorCount),
    });

    /// <summary>On whatever thread has met it.</summary>
    private void Failed(BrokerFolder folder, DiskException failure)
    {
        if (folder != Folders.All[0])
        {
            GoOffline(folder, failure);
            return;
        }

        _log.FirstFolderFailed(folder.Path, failure.Message);
        _failure.TrySetResult($"the data folder {folder.Path}, which has the metadata, has failed: {failure.Message}");
    }

    private void GoOffline(BrokerFolder folder, DiskException failure)
    {
        if (!folder.TryGoOffline(failure.Message)) return;
        _log.FolderOffline(folder.Path, failure.Message);
        Hosting?.FolderFailed(folder);
    }
}
