using System.Buffers;
using Moldau.Client.Serdes;

namespace Moldau.Bench.Clients.Ours;

/// <summary>Takes a key for nothing: peers that are measured do not look at theirs either.</summary>
internal sealed class UnreadKey : ISerde<None?>
{
    public void Write(None? value, IBufferWriter<byte> output, in SerdeContext context) => throw new NotSupportedException("it reads only");

    public None? Read(in ReadOnlySequence<byte> bytes, in SerdeContext context) => null;
}
