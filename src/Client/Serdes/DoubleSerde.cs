using System.Buffers;
using System.Buffers.Binary;

namespace Moldau.Client.Serdes;

internal sealed class DoubleSerde : ISerde<double>
{
    public void Write(double value, IBufferWriter<byte> output, in SerdeContext context)
    {
        BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    public double Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        Span<byte> number = stackalloc byte[sizeof(double)];
        FixedWidth.Take(bytes, number, context, "a number");
        return BinaryPrimitives.ReadDoubleBigEndian(number);
    }
}
