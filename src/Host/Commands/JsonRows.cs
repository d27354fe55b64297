using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Moldau.Host.Commands;

/// <summary>A JSON array with one object a line, so that line tools can read it too.</summary>
internal sealed class JsonRows
{
    // Printed, never put into a web page: quotes and signs stay readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _rows = [];

    public void Add(Action<Utf8JsonWriter> writeProperties)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        _rows.Add(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    public void Write(TextWriter output)
    {
        output.WriteLine("[");
        for (var i = 0; i < _rows.Count; i++) output.WriteLine(i < _rows.Count - 1 ? $"  {_rows[i]}," : $"  {_rows[i]}");
        output.WriteLine("]");
    }
}
