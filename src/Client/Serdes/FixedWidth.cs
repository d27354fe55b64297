using System.Buffers;

namespace Moldau.Client.Serdes;

/// <summary>Values whose bytes are always as many.</summary>
internal static class FixedWidth
{
    /// <summary>Copies them to where they can be read as one.</summary>
    public static void Take(in ReadOnlySequence<byte> bytes, Span<byte> into, in SerdeContext context, string type)
    {
        if (bytes.Length != into.Length)
            throw new SerdeException($"{bytes.Length} bytes, where the {(context.IsKey ? "key" : "value")} should be {type} of {into.Length}; it was written as something else", context.Topic);
        bytes.CopyTo(into);
    }
}
