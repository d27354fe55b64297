namespace Moldau.Protocol.Primitives;

/// <summary>URL-safe base64 without padding, as ids are written.</summary>
internal static class Base64Text
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 5) / 6];
        uint pending = 0;
        var (bits, length) = (0, 0);
        foreach (var value in bytes)
        {
            pending = (pending << 8) | value;
            bits += 8;
            for (; bits >= 6; bits -= 6) text[length++] = Alphabet[(int)(pending >> (bits - 6)) & 63];
        }

        if (bits > 0) text[length++] = Alphabet[(int)(pending << (6 - bits)) & 63];
        return new string(text[..length]);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        uint pending = 0;
        var (bits, length) = (0, 0);
        foreach (var character in text)
        {
            var value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0) return false;
            pending = (pending << 6) | (uint)value;
            bits += 6;
            if (bits < 8) continue;
            if (length == bytes.Length) return false;
            bits -= 8;
            bytes[length++] = (byte)(pending >> bits);
        }

        return length == bytes.Length;
    }
}
