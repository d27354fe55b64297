using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>Who opens a data folder, and how.</summary>
public sealed record DataFolderOptions
{
    /// <summary>Null to take whatever the folder says; one that is made is then given a new id.</summary>
    public string? ClusterId { get; init; }

    public required int NodeId { get; init; }

    /// <summary>What another process is told that finds the folder locked, such as "process 4711 since 2026-07-01 12:00".</summary>
    public required string Owner { get; init; }

    /// <summary>Draws ids; nothing else depends on it.</summary>
    public required Random Chance { get; init; }

    /// <summary>Whether an older format is brought to this build's.</summary>
    public bool Upgrades { get; init; }

    /// <summary>So many logs are opened at once.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether a thread brings to disk what is appended; otherwise somebody runs the rounds of <see cref="LogDisk.Flusher"/>.</summary>
    public bool HasFlusherThread { get; init; } = true;

    /// <summary>
    /// Called by <see cref="DataFolder.Tick"/> for a log that something is due for. <see cref="PartitionLog.KeepHouse"/> is
    /// its writer's to call: whoever gives logs to queues calls it there.
    /// </summary>
    public Action<PartitionLog> KeepHouse { get; init; } = static log => log.KeepHouse();

    /// <summary>How many files the process may have open; null to ask the system, where the disk is the real one.</summary>
    public long? OpenFileLimit { get; init; }

    internal FolderFormat Format { get; init; } = FolderFormat.Known;
}
