using Moldau.Protocol.Errors;

namespace Moldau.Broker.Partitions;

/// <summary>Somebody who waits until what was appended counts. It is reused; it is in at most one partition's line.</summary>
internal abstract class DurableWait
{
    internal DurableWait? NextWait { get; set; }

    /// <summary>The offset behind what was appended.</summary>
    public long End { get; set; }

    /// <summary>Whether only the disk counts, whatever the topic is content with.</summary>
    public bool NeedsDisk { get; init; }

    /// <summary>Called once, by the partition's writer.</summary>
    /// <param name="error">None where it counts.</param>
    /// <param name="reason">Why it does not.</param>
    public abstract void Reached(ErrorCode error, string? reason);
}
