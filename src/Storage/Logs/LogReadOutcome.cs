namespace Moldau.Storage.Logs;

public enum LogReadOutcome : byte
{
    /// <summary>A slice; an empty one at the end of what may be read.</summary>
    Read,

    /// <summary>The offset lies before the log's start or behind its end.</summary>
    OutOfRange,

    /// <summary>The records from there on are damaged or gone; the log says up to where, see <see cref="PartitionLog.DamageAt"/>.</summary>
    Damaged,
}
