namespace Moldau.Storage.Producers;

/// <summary>A producer snapshot cannot be read; states are built again from the one before it and the log.</summary>
public sealed class CorruptSnapshotException(string path, int position, string reason)
    : Exception($"producer snapshot {path}, byte {position}: {reason}; it is to be removed and the states built again from the log")
{
    public string Path { get; } = path;

    public int Position { get; } = position;
}
