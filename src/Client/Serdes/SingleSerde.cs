using System.Buffers;
using System.Buffers.Binary;

namespace Moldau.Client.Serdes;

internal sealed class SingleSerde : ISerde<float>
{
    public void Write(float value, IBufferWriter<byte> output, in SerdeContext context)
    {
        BinaryPrimitives.WriteSingleBigEndian(output.GetSpan(sizeof(float)), value);
        output.Advance(sizeof(float));
    }

    public float Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        Span<byte> number = stackalloc byte[sizeof(float)];
        FixedWidth.Take(bytes, number, context, "a number");
        return BinaryPrimitives.ReadSingleBigEndian(number);
    }
}
