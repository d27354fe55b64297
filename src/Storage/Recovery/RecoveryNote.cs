namespace Moldau.Storage.Recovery;

/// <summary>Something that was found at a start and is not as an orderly stop leaves it.</summary>
/// <param name="Row">Which row of the table it is.</param>
/// <param name="Path">The folder or file.</param>
/// <param name="Message">What was found, where, and what was done.</param>
/// <param name="IsAlarm">Whether an operator must look at it: something was lost, or may have been.</param>
public sealed record RecoveryNote(RecoveryRow Row, string Path, string Message, bool IsAlarm = false);
