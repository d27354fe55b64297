namespace Moldau.Storage.Facts;

public sealed class FactStoreOptions
{
    /// <summary>The file is written anew when this much, and as much as it then held, was appended.</summary>
    public long SnapshotAfter { get; init; } = 1024 * 1024;

    /// <summary>Revisions kept when the file is written anew; fewer where it was compacted further.</summary>
    public int KeptRevisions { get; init; } = 4096;

    /// <summary>Runs the writer when there is something to write: the thread pool, unless a test wants it otherwise.</summary>
    public Action<Action> Run { get; init; } = static work => ThreadPool.UnsafeQueueUserWorkItem(static state => state(), work, preferLocal: false);

    public FactFaults? Faults { get; init; }
}
