namespace Moldau.Storage.Facts;

/// <summary>A key as of some revision: its value, and the revisions that made it and changed it last.</summary>
public sealed class FactEntry(string key, ReadOnlyMemory<byte> value, long createRevision, long modRevision)
{
    public string Key { get; } = key;

    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>The revision that put the key where it had not been; a key deleted and put again has a new one.</summary>
    public long CreateRevision { get; } = createRevision;

    public long ModRevision { get; } = modRevision;
}
