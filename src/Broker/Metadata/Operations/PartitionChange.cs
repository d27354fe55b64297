using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>What came of a proposal to change a partition.</summary>
public abstract record PartitionChange
{
    private PartitionChange()
    {
    }

    /// <summary>The partition is as proposed.</summary>
    public sealed record Changed(Stored<PartitionRecord> State) : PartitionChange;

    /// <summary>
    /// The partition is another by now, null where it is gone. The proposal was made for something that is past; it may
    /// have been in force in between.
    /// </summary>
    public sealed record Overtaken(Stored<PartitionRecord>? Current) : PartitionChange;
}
