namespace Moldau.Coordination.Groups.Consumer;

/// <summary>How far a member has come on its way to what it shall own; the numbers are those of the records.</summary>
public enum MemberState : sbyte
{
    Stable = 0,

    /// <summary>It has to give partitions up first.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for others to give partitions up.</summary>
    UnreleasedPartitions = 2,

    /// <summary>Written by a newer broker.</summary>
    Unknown = 127,
}
