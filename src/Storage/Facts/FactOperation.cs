namespace Moldau.Storage.Facts;

/// <summary>A change a transaction makes.</summary>
public sealed class FactOperation
{
    private FactOperation(FactOperationKind kind, string key, ReadOnlyMemory<byte> value)
    {
        Kind = kind;
        Key = key;
        Value = value;
    }

    public FactOperationKind Kind { get; }

    /// <summary>The key, or the prefix of the keys.</summary>
    public string Key { get; }

    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The bytes are copied: what the caller does with its buffer afterwards changes nothing.</summary>
    public static FactOperation Put(string key, ReadOnlySpan<byte> value) => new(FactOperationKind.Put, key, value.ToArray());

    public static FactOperation Delete(string key) => new(FactOperationKind.Delete, key, default);

    /// <summary>Deletes every key that begins so; the empty prefix is every key.</summary>
    public static FactOperation DeletePrefix(string prefix) => new(FactOperationKind.DeletePrefix, prefix, default);
}
