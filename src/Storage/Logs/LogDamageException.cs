namespace Moldau.Storage.Logs;

/// <summary>A segment's bytes are not what was written. Nothing was changed.</summary>
public sealed class LogDamageException(string path, long position, long offset, string problem, Exception? inner = null)
    : IOException($"{path}, byte {position} (offset {offset} or above): {problem}", inner)
{
    public string Path { get; } = path;

    public long Position { get; } = position;

    /// <summary>The lowest offset that cannot be read.</summary>
    public long Offset { get; } = offset;
}
