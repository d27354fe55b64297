using System.Buffers;
using System.Text;

namespace Moldau.Client.Serdes;

/// <summary>UTF-8. What is no UTF-8 is an error, and not replaced: the record would not be what was written.</summary>
internal sealed class TextSerde : ISerde<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Write(string value, IBufferWriter<byte> output, in SerdeContext context)
    {
        try
        {
            Strict.GetBytes(value, output);
        }
        catch (EncoderFallbackException broken)
        {
            throw new SerdeException($"text with half of a surrogate pair at index {broken.Index} cannot be written as UTF-8", context.Topic, broken);
        }
    }

    public string Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException broken)
        {
            throw new SerdeException($"the {(context.IsKey ? "key" : "value")} is no UTF-8 text at byte {broken.Index}; read it as bytes", context.Topic, broken);
        }
    }
}
