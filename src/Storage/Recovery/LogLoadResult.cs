using Moldau.Storage.Logs;

namespace Moldau.Storage.Recovery;

/// <summary>A log that was opened, and what was found on the way.</summary>
/// <param name="Log">It may be used once the paths are flushed and <see cref="PartitionLog.Opened"/> was called.</param>
/// <param name="Notes">In the order they were found.</param>
/// <param name="Unflushed">Files, and the folder, that opening has changed or that may not have reached the disk before the crash.</param>
public sealed record LogLoadResult(PartitionLog Log, IReadOnlyList<RecoveryNote> Notes, IReadOnlyList<string> Unflushed);
