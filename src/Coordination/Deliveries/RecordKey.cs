namespace Moldau.Coordination.Deliveries;

/// <summary>A record that has a key.</summary>
/// <param name="Offset">Where it lies.</param>
/// <param name="Hash">Of the key: where two keys have the same one, records of the one wait for the other's.</param>
public readonly record struct RecordKey(long Offset, ulong Hash);
