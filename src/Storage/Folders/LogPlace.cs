using Moldau.Storage.Logs;

namespace Moldau.Storage.Folders;

/// <summary>
/// What a data folder keeps of one partition: its log, or why it has none, and what the checkpoints say of it while there
/// is no log to ask. Belongs to whoever holds the lock of the <see cref="FolderCheckpoints"/>.
/// </summary>
internal sealed class LogPlace(PartitionName name)
{
    public PartitionName Name { get; } = name;

    /// <summary>Null for a folder that nobody has asked for; its checkpoints are kept all the same.</summary>
    public HostedLog? Hosted { get; set; }

    public PartitionLog? Log { get; set; }

    public string? OfflineReason { get; set; }

    /// <summary>
    /// Null where the recovery point's file does not name the partition. One that is named has had its first segment on
    /// disk, and is never made anew.
    /// </summary>
    public long? Point { get; set; }

    public long StartOffset { get; set; }

    public long CompactedUpTo { get; set; }

    /// <summary>How long its last segment was when the folder was last closed in order; null where nobody has noted it.</summary>
    public long? ClosedLength { get; set; }

    /// <summary>How many bytes the log had taken when its recovery point was last saved.</summary>
    public long SavedBytes { get; set; }
}
