using System.Globalization;
using System.Text.Json;

namespace Moldau.Host.Commands.Output;

/// <summary>Rows of data that are printed as a table, as JSON or as YAML. Values are texts, numbers, booleans, null and lists of numbers.</summary>
internal sealed class Listing(params Column[] columns)
{
    private readonly List<object?[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params object?[] values)
    {
        if (values.Length != columns.Length) throw new ArgumentException($"{values.Length} values under {columns.Length} columns", nameof(values));
        _rows.Add(values);
    }

    public void Write(TextWriter output, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json: WriteJson(output); break;
            case OutputFormat.Yaml: WriteYaml(output); break;
            default: WriteTable(output, format == OutputFormat.Wide); break;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "-",
        bool isSo => isSo ? "yes" : "no",
        IEnumerable<int> numbers => string.Join(',', numbers),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void WriteTable(TextWriter output, bool isWide)
    {
        var shown = Enumerable.Range(0, columns.Length).Where(i => isWide || !columns[i].IsWide).ToList();
        var table = new TextTable([.. shown.Select(i => columns[i].Heading)]);
        foreach (var row in _rows) table.Add([.. shown.Select(i => OneLine((columns[i].Text ?? Text)(row[i])))]);
        table.Write(output);
    }

    private static string OneLine(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void WriteJson(TextWriter output)
    {
        var rows = new JsonRows();
        foreach (var row in _rows)
        {
            rows.Add(json =>
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    json.WritePropertyName(columns[i].Name);
                    WriteValue(json, row[i]);
                }
            });
        }

        rows.Write(output);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool isSo: json.WriteBooleanValue(isSo); break;
            case int or short or long: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number: json.WriteNumberValue(number); break;
            case IEnumerable<int> numbers:
                json.WriteStartArray();
                foreach (var number in numbers) json.WriteNumberValue(number);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private void WriteYaml(TextWriter output)
    {
        if (_rows.Count == 0) output.WriteLine("[]");
        foreach (var row in _rows)
        {
            for (var i = 0; i < columns.Length; i++) output.WriteLine($"{(i == 0 ? "- " : "  ")}{columns[i].Name}: {Yaml(row[i])}");
        }
    }

    private static string Yaml(object? value) => value switch
    {
        null => "null",
        bool isSo => isSo ? "true" : "false",
        IEnumerable<int> numbers => $"[{string.Join(", ", numbers)}]",
        int or short or long or double => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        // A text in JSON's quotes is one in YAML too, whatever is in it.
        _ => $"\"{JsonEncodedText.Encode(Convert.ToString(value, CultureInfo.InvariantCulture)!, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
    };
}
