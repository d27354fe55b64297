namespace Moldau.Storage.Logs;

/// <summary>A reader came to a segment that the writer has deleted since: the log's list of segments tells how to go on.</summary>
internal sealed class SegmentGoneException(string path) : IOException($"{path} was deleted");
