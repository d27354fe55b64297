namespace Moldau.Storage.Compaction;

/// <summary>
/// A segment holds what no log holds, so compaction leaves it as it is: what it cannot read it must not drop.
/// </summary>
public sealed class DamagedSegmentException(string path, long position, string problem, Exception? inner = null)
    : IOException($"{path}, byte {position}: {problem}; the partition is not compacted until the broker starts again: have the segment repaired", inner)
{
    public string Path { get; } = path;

    /// <summary>Where the batch begins that cannot be read.</summary>
    public long Position { get; } = position;
}
