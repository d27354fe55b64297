namespace Moldau.Storage.Logs;

/// <summary>Offsets that were in a log and cannot be read any more: from the first on, up to the second.</summary>
public sealed record LogDamageRange(long From, long UpTo, string Reason);
