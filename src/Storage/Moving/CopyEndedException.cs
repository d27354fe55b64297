namespace Moldau.Storage.Moving;

/// <summary>A copy cannot go on, and the log it was to be of is as it was.</summary>
public sealed class CopyEndedException(string reason) : IOException(reason);
