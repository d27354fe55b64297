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
    private TextWriter? _output;
    private string? _last;

    /// <summary>Rows are written as they come from here on, and none is kept; <see cref="End"/> follows.</summary>
    public void Begin(TextWriter output) => _output = output;

    public void Add(Action<Utf8JsonWriter> writeProperties)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        var row = Encoding.UTF8.GetString(bytes.WrittenSpan);
        if (_output is null) _rows.Add(row);
        else Put(row);
    }

    public void End()
    {
        _output!.WriteLine(_last is null ? "[" : $"  {_last}");
        _output.WriteLine("]");
    }

    public void Write(TextWriter output)
    {
        Begin(output);
        foreach (var row in _rows) Put(row);
        End();
    }

    // Only what follows a row tells whether it has a comma; and what fails before the first is to leave no half of a list.
    private void Put(string row)
    {
        _output!.WriteLine(_last is null ? "[" : $"  {_last},");
        _last = row;
    }
}
