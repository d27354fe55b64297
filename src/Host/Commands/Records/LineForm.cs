using Moldau.Client.Producing;
using Moldau.Protocol.Records;

namespace Moldau.Host.Commands.Records;

/// <summary>How a line becomes a record.</summary>
internal sealed record LineForm(byte[]? Separator, byte[]? Key, byte[]? Null)
{
    /// <exception cref="MisuseException">A line has no separator.</exception>
    public OutgoingRecord Read(ReadOnlyMemory<byte> line)
    {
        if (Separator is null) return new OutgoingRecord { Key = Key, Value = Optional(line) };
        var at = line.Span.IndexOf(Separator);
        if (at < 0)
            throw new MisuseException($"a line without the separator '{System.Text.Encoding.UTF8.GetString(Separator)}': '{System.Text.Encoding.UTF8.GetString(line.Span[..Math.Min(80, line.Length)])}'; the lines before it were written");
        return new OutgoingRecord { Key = Optional(line[..at]), Value = Optional(line[(at + Separator.Length)..]) };
    }

    private RecordBytes Optional(ReadOnlyMemory<byte> bytes) => Null is not null && bytes.Span.SequenceEqual(Null) ? RecordBytes.Null : bytes;
}
