using System.Buffers;
using System.Buffers.Text;

namespace Moldau.Client.Serdes;

internal sealed class GuidSerde : ISerde<Guid>
{
    private const int Width = 36;

    public void Write(Guid value, IBufferWriter<byte> output, in SerdeContext context)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(Width), out var written);
        output.Advance(written);
    }

    public Guid Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        Span<byte> text = stackalloc byte[Width];
        FixedWidth.Take(bytes, text, context, "a UUID's text");
        return Utf8Parser.TryParse(text, out Guid value, out _)
            ? value
            : throw new SerdeException($"the {(context.IsKey ? "key" : "value")} is no UUID", context.Topic);
    }
}
