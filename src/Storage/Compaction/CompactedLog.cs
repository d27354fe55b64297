using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>A log as its owner lends it to compaction.</summary>
/// <param name="Log">The log.</param>
/// <param name="LastStableOffset">Tells, on any thread, up to where every transaction is decided and every record replicated.</param>
/// <param name="OnWriter">
/// Runs an action in the turn of the log's writer; the task ends when it has run, with its exception where there was one, and is
/// cancelled where it never will run.
/// </param>
public sealed record CompactedLog(PartitionLog Log, Func<long> LastStableOffset, Func<Action, Task> OnWriter);
