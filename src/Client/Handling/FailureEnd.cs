namespace Moldau.Client.Handling;

/// <summary>What happens when a record's handler has failed for the last time.</summary>
public enum FailureEnd
{
    /// <summary>Nothing more is handled; the record is not done.</summary>
    Stop,

    /// <summary>The record is passed over, and counts as done.</summary>
    Skip,

    /// <summary>The record is written to another topic; it is done when that is confirmed.</summary>
    DeadLetter,

    /// <summary>In a share group: somebody has it again, as long as the group's limit of deliveries lasts.</summary>
    Release,

    /// <summary>In a share group: it comes to nobody again.</summary>
    Reject,
}
