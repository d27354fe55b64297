using System.Buffers;

namespace Moldau.Client.Serdes;

internal sealed class NoneSerde : ISerde<None>
{
    public void Write(None value, IBufferWriter<byte> output, in SerdeContext context)
    {
    }

    public None Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) =>
        throw new SerdeException($"{bytes.Length} bytes, where there should be none; give a serde for the {(context.IsKey ? "key" : "value")}", context.Topic);
}
