using System.Buffers;
using System.Numerics;

namespace Moldau.Client.Serdes;

internal sealed class NumberSerde<T>(int width) : ISerde<T>
    where T : IBinaryInteger<T>
{
    public void Write(T value, IBufferWriter<byte> output, in SerdeContext context)
    {
        value.WriteBigEndian(output.GetSpan(width));
        output.Advance(width);
    }

    public T Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        Span<byte> number = stackalloc byte[width];
        FixedWidth.Take(bytes, number, context, "an integer");
        return T.ReadBigEndian(number, isUnsigned: false);
    }
}
