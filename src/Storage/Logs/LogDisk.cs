using Moldau.Storage.Files;

namespace Moldau.Storage.Logs;

/// <summary>What the logs of one disk share: the disk, the clock, and what bounds them together.</summary>
public sealed class LogDisk
{
    public const int DefaultOpenFiles = 4096;
    public const long DefaultIndexBytes = 256L * 1024 * 1024;

    public LogDisk(IFileSystem files, TimeProvider clock, int openFiles = DefaultOpenFiles, long indexBytes = DefaultIndexBytes)
    {
        Files = files;
        Clock = clock;
        OpenFiles = new Budget(openFiles);
        IndexMemory = new Budget(indexBytes);
        Flusher = new Flusher(files, clock);
    }

    public IFileSystem Files { get; }

    public TimeProvider Clock { get; }

    public Flusher Flusher { get; }

    /// <summary>Writes the recovery points of all logs down, durably; whoever keeps the file sets it.</summary>
    public Action? SaveRecoveryPoints { get; set; }

    /// <summary>Writes the start offsets of all logs down, durably; whoever keeps the file sets it.</summary>
    public Action? SaveStartOffsets { get; set; }

    internal Budget OpenFiles { get; }

    internal Budget IndexMemory { get; }

    internal long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
