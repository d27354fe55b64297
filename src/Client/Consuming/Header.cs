using System.Text;

namespace Moldau.Client.Consuming;

/// <summary>A header as it lies in its batch, and valid as long as that.</summary>
public readonly struct Header
{
    internal Header(ReadOnlyMemory<byte> keyUtf8, ReadOnlyMemory<byte>? value) => (KeyUtf8, Value) = (keyUtf8, value);

    public ReadOnlyMemory<byte> KeyUtf8 { get; }

    /// <summary>A new string each time.</summary>
    public string Key => Encoding.UTF8.GetString(KeyUtf8.Span);

    public ReadOnlyMemory<byte>? Value { get; }
}
