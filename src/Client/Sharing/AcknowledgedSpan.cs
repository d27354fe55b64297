namespace Moldau.Client.Sharing;

/// <summary>Offsets of which the same is to be told to their broker.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, included.</param>
/// <param name="Type">As on the wire: an <see cref="Acknowledgement"/>, or 0 for a gap.</param>
/// <param name="Batch">Where the record is; null for those that nobody was given.</param>
/// <param name="Place">Which of its records.</param>
internal readonly record struct AcknowledgedSpan(long First, long Last, sbyte Type, AcquiredBatch? Batch = null, int Place = 0)
{
    /// <summary>There is no record.</summary>
    public const sbyte Gap = 0;

    public bool IsRenewal => Type == (sbyte)Acknowledgement.Renew;
}
