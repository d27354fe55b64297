namespace Moldau.Coordination.Groups.Streams;

/// <summary>How far a member has come on its way to what it shall run; the numbers are those of the records.</summary>
public enum TaskState : sbyte
{
    Stable = 1,

    /// <summary>It has to give tasks up first.</summary>
    UnrevokedTasks = 2,

    /// <summary>It waits for others to give tasks up.</summary>
    UnreleasedTasks = 3,

    /// <summary>Written by a newer broker.</summary>
    Unknown = 127,
}
