using Moldau.Storage.Folders;

namespace Moldau.Broker.Partitions;

/// <summary>One of the broker's data folders (<c>log.dirs</c>): in use, or offline until the next start.</summary>
internal sealed class BrokerFolder(string path)
{
    private string? _offlineReason;

    public string Path { get; } = path;

    /// <summary>Null where it could not be opened.</summary>
    public DataFolder? Opened { get; set; }

    public string? OfflineReason => Volatile.Read(ref _offlineReason);

    /// <summary>Null while it is offline.</summary>
    public DataFolder? Online => OfflineReason is null ? Opened : null;

    /// <returns>False where it was offline already.</returns>
    public bool TryGoOffline(string reason) => Interlocked.CompareExchange(ref _offlineReason, reason, null) is null;
}
