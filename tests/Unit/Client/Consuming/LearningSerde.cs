using System.Buffers;
using System.Text;
using Moldau.Client.Serdes;

namespace Moldau.Unit.Client.Consuming;

/// <summary>Text of which each first letter must be learned before it can be read; one is refused.</summary>
internal sealed class LearningSerde : IPreparedSerde<string>
{
    public List<char> Learned { get; } = [];

    public char Refuses { get; set; } = '9';

    public bool IsReadyToRead(in ReadOnlySequence<byte> bytes, in SerdeContext context) => Learned.Contains((char)bytes.FirstSpan[0]);

    public async ValueTask PrepareToReadAsync(ReadOnlySequence<byte> bytes, SerdeContext context, CancellationToken cancellation)
    {
        await Task.Yield();
        var letter = (char)bytes.FirstSpan[0];
        if (letter == Refuses) throw new InvalidOperationException($"nobody knows '{letter}'");
        Learned.Add(letter);
    }

    public bool IsReadyToWrite(in SerdeContext context) => true;

    public ValueTask PrepareToWriteAsync(SerdeContext context, CancellationToken cancellation) => default;

    public void Write(string value, IBufferWriter<byte> output, in SerdeContext context) => Encoding.UTF8.GetBytes(value, output);

    public string Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
    {
        if (!IsReadyToRead(bytes, context)) throw new InvalidOperationException("it was read before it was ready");
        return Encoding.UTF8.GetString(bytes);
    }
}
