namespace Moldau.Broker.Metadata.Operations;

/// <summary>What became of a transaction, as far as it can be known.</summary>
/// <param name="IsApplied">It was applied, and this revision or an earlier one shows it.</param>
/// <param name="Revision">As of which that is so.</param>
/// <param name="WasInDoubt">
/// An attempt had stayed unknown. Where it is not applied as far as the store shows, it may have been and others changed
/// the same since.
/// </param>
internal readonly record struct WriteResult(bool IsApplied, long Revision, bool WasInDoubt);
