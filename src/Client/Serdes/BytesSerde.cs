using System.Buffers;

namespace Moldau.Client.Serdes;

internal sealed class BytesSerde : ISerde<byte[]>
{
    public void Write(byte[] value, IBufferWriter<byte> output, in SerdeContext context) => output.Write(value);

    public byte[] Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => bytes.ToArray();
}
