using System.Buffers;

namespace Moldau.Client.Serdes;

internal sealed class MemorySerde : ISerde<ReadOnlyMemory<byte>>
{
    public void Write(ReadOnlyMemory<byte> value, IBufferWriter<byte> output, in SerdeContext context) => output.Write(value.Span);

    public ReadOnlyMemory<byte> Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => bytes.ToArray();
}
