namespace Moldau.Storage.Logs;

public enum AppendOutcome : byte
{
    /// <summary>In the log; durable once <see cref="PartitionLog.DurableOffset"/> has passed it.</summary>
    Appended,

    /// <summary>One of the producer's last batches again; the result holds the offsets it has.</summary>
    Duplicate,

    /// <summary>The producer's state does not allow it; <see cref="AppendResult.Check"/> says why.</summary>
    Refused,

    /// <summary>Larger than a segment may be.</summary>
    TooLarge,

    /// <summary>There is no room on the disk. The same append may succeed when there is.</summary>
    DiskFull,

    /// <summary>The disk failed the write, and what was written of it is gone again. The log goes on.</summary>
    DiskFailed,

    /// <summary>The log takes no appends any more; <see cref="PartitionLog.Fault"/> says why.</summary>
    Offline,
}
