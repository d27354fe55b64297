using System.Buffers;
using System.Text;
using Moldau.Client;
using Moldau.Client.Consuming;

namespace Moldau.Host.Commands.Records;

/// <summary>How a record is printed, such as <c>%p %o %k %v</c>. Keys and values come out as the bytes they are.</summary>
internal sealed class RecordTemplate
{
    public const string Default = "%v";

    private readonly List<(byte[]? Literal, char Field)> _parts = [];

    /// <exception cref="MisuseException">It has a letter behind a % that means nothing.</exception>
    public RecordTemplate(string text)
    {
        var literal = new StringBuilder();
        var endsItself = false;
        for (var i = 0; i < text.Length; i++)
        {
            endsItself = false;
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (text[i])
            {
                case '\\' when next is 'n' or 't' or 'r' or '0' or '\\':
                    literal.Append(next switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', _ => '\\' });
                    endsItself = next is 'n' or '0';
                    i++;
                    break;
                case '%' when next == '%':
                    literal.Append('%');
                    i++;
                    break;
                case '%':
                    if (!"tpokvhdKV".Contains(next, StringComparison.Ordinal) || next == '\0')
                        throw new MisuseException($"--output: '%{(next == '\0' ? "" : next)}' means nothing; there are %t topic, %p partition, %o offset, %k key, %v value, %h headers, %d timestamp, %K and %V lengths, %%");
                    Flush(literal);
                    _parts.Add((null, next));
                    i++;
                    break;
                default:
                    literal.Append(text[i]);
                    break;
            }
        }

        if (!endsItself) literal.Append('\n');
        Flush(literal);
    }

    public void Write(IBufferWriter<byte> output, TopicPartition where, in RawRecord record)
    {
        foreach (var (literal, field) in _parts)
        {
            if (literal is not null) output.Write(literal);
            else WriteField(output, field, where, record);
        }
    }

    private static void WriteField(IBufferWriter<byte> output, char field, TopicPartition where, in RawRecord record)
    {
        switch (field)
        {
            case 't': Text(output, where.Topic); break;
            case 'p': Number(output, where.Partition); break;
            case 'o': Number(output, record.Offset); break;
            case 'd': Number(output, record.TimestampMs); break;
            case 'K': Number(output, record.Key?.Length ?? -1); break;
            case 'V': Number(output, record.Value?.Length ?? -1); break;
            case 'k': output.Write((record.Key ?? default).Span); break;
            case 'v': output.Write((record.Value ?? default).Span); break;
            default:
                var isFirst = true;
                foreach (var header in record.Headers)
                {
                    if (!isFirst) Text(output, ",");
                    isFirst = false;
                    output.Write(header.KeyUtf8.Span);
                    Text(output, "=");
                    output.Write((header.Value ?? default).Span);
                }

                break;
        }
    }

    private static void Number(IBufferWriter<byte> output, long number)
    {
        var room = output.GetSpan(20);
        number.TryFormat(room, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void Text(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private void Flush(StringBuilder literal)
    {
        if (literal.Length > 0) _parts.Add((Encoding.UTF8.GetBytes(literal.ToString()), '\0'));
        literal.Clear();
    }
}
