namespace Moldau.Storage.Logs;

/// <summary>Offsets that were in a log and cannot be read any more: from the first on, up to the second.</summary>
/// <param name="From">The first.</param>
/// <param name="UpTo">The first one behind.</param>
/// <param name="Reason">What was found, and where.</param>
/// <param name="IsAccepted">Whether an operator has accepted the loss: readers are then led past it.</param>
public sealed record LogDamageRange(long From, long UpTo, string Reason, bool IsAccepted = false);
