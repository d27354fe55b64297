using System.Buffers;

namespace Moldau.Client.Serdes;

internal sealed class MemorySerde : ISerde<ReadOnlyMemory<byte>>
{
    public void Write(ReadOnlyMemory<byte> value, IBufferWriter<byte> to, in SerdeContext context) => to.Write(value.Span);

    public ReadOnlyMemory<byte> Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => bytes.ToArray();
}
