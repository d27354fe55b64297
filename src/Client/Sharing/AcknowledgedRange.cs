namespace Moldau.Client.Sharing;

/// <summary>Offsets of which the same was said.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, included.</param>
/// <param name="Type">What was said.</param>
public readonly record struct AcknowledgedRange(long First, long Last, Acknowledgement Type)
{
    /// <summary>How many offsets it has.</summary>
    public long Count => Last - First + 1;
}
