namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>What became of trying to copy some dead letters.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">Is one of them.</param>
/// <param name="End">The same of all.</param>
/// <param name="Reason">Why it failed, and what is to be done; null where it has not.</param>
internal readonly record struct DeadLetterFate(long First, long Last, DeadLetterEnd End, string? Reason = null)
{
    public long Size => Last - First + 1;
}
