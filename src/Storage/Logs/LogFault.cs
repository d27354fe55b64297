namespace Moldau.Storage.Logs;

/// <summary>Why a log takes no more appends until it is opened anew. What it holds can be read.</summary>
public sealed record LogFault(string Reason, Exception? Cause);
