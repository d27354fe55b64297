namespace Moldau.Broker.Metadata.Operations;

/// <summary>What came of altering a record.</summary>
/// <param name="IsOwnerMissing">What the record was to belong to is not there; nothing was altered.</param>
/// <param name="Revision">As of which it is so.</param>
public readonly record struct Alteration(bool IsOwnerMissing, long Revision);
