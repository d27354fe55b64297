namespace Moldau.Storage.Compaction;

/// <summary>What a pass has read of a log is not what lies there any more.</summary>
internal sealed class LogChangedException(string log, string reason) : Exception($"the compaction of {log} was interrupted: {reason}");
