namespace Moldau.Storage.Producers;

/// <summary>Who appends to a leader's log. What was appended before (a replica's fetch, recovery) is applied unchecked.</summary>
public enum AppendOrigin
{
    /// <summary>A producer: duplicates, epochs and sequences are checked.</summary>
    Client,

    /// <summary>A coordinator of this broker, whose sequences all are 0: epochs are checked.</summary>
    Coordinator,
}
