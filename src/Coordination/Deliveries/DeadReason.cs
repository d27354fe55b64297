namespace Moldau.Coordination.Deliveries;

/// <summary>Why a record is a dead letter.</summary>
public enum DeadReason : byte
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>Somebody has rejected it.</summary>
    Rejected,

    /// <summary>It was delivered as often as is allowed.</summary>
    TooOften,
}
