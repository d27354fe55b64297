namespace Moldau.Coordination.Deliveries;

/// <summary>How far a change has come on its way to the share coordinator.</summary>
internal enum StoringStep : byte
{
    /// <summary>There is none, or it is stored.</summary>
    None,

    /// <summary>It goes with the next write.</summary>
    Waiting,

    /// <summary>It went with the write that is under way.</summary>
    Sent,
}
