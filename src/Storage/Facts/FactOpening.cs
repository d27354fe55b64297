namespace Moldau.Storage.Facts;

/// <summary>What was found when a store was opened, for the operator.</summary>
/// <param name="Created">There was no file.</param>
/// <param name="RemovedTemporary">A snapshot had not been finished.</param>
/// <param name="CutBytes">Bytes behind the last sound frame that were left out.</param>
/// <param name="CutOffset">Where they began in the file.</param>
/// <param name="CutPath">Where they are kept; null where there were none but zeros, or where the disk has no room for them yet.</param>
public sealed record FactOpening(bool Created, bool RemovedTemporary, long CutBytes, long CutOffset, string? CutPath);
