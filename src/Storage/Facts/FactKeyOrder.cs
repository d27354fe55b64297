using System.Text;

namespace Moldau.Storage.Facts;

/// <summary>
/// Keys in the order of their UTF-8 bytes, which is etcd's. That of UTF-16 code units differs: a surrogate is below
/// U+E000 there, while the character it stands for is above.
/// </summary>
public sealed class FactKeyOrder : IComparer<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private FactKeyOrder()
    {
    }

    public static FactKeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var shared = x.AsSpan().CommonPrefixLength(y);
        if (shared == x.Length || shared == y.Length) return x.Length.CompareTo(y.Length);
        return Rank(x[shared]).CompareTo(Rank(y[shared]));
    }

    /// <summary>The key's bytes; a lone surrogate has none.</summary>
    internal static byte[] Encode(string key) => Strict.GetBytes(key);

    internal static string Decode(ReadOnlySpan<byte> bytes) => Strict.GetString(bytes);

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
