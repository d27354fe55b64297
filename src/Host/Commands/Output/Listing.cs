using System.Globalization;
using System.Text.Json;

namespace Moldau.Host.Commands.Output;

/// <summary>Rows of data that are printed as a table, as JSON or as YAML. Values are texts, numbers, booleans, null and lists of numbers or texts.</summary>
internal sealed class Listing(params Column[] columns)
{
    private readonly List<object?[]> _rows = [];
    private JsonRows? _json;
    private TextWriter? _yaml;

    public int Count { get; private set; }

    /// <summary>Rows are written as they come from here on, and none is kept, but those of a table, whose columns are as wide as the widest; <see cref="Write"/> ends it.</summary>
    public void Begin(TextWriter output, OutputFormat format)
    {
        if (format == OutputFormat.Yaml) _yaml = output;
        if (format != OutputFormat.Json) return;
        _json = new JsonRows();
        _json.Begin(output);
    }

    public void Add(params object?[] values)
    {
        if (values.Length != columns.Length) throw new ArgumentException($"{values.Length} values under {columns.Length} columns", nameof(values));
        Count++;
        if (_json is not null) AddJson(_json, values);
        else if (_yaml is not null) WriteYaml(_yaml, values);
        else _rows.Add(values);
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
        foreach (var row in _rows) table.Add([.. shown.Select(i => TerminalText.Tame(Text(row[i])))]);
        table.Write(output);
    }

    private void WriteJson(TextWriter output)
    {
        if (_json is null)
        {
            Begin(output, OutputFormat.Json);
            foreach (var row in _rows) AddJson(_json!, row);
        }

        _json!.End();
    }

    private void AddJson(JsonRows rows, object?[] row) => rows.Add(json =>
    {
        for (var i = 0; i < columns.Length; i++)
        {
            json.WritePropertyName(columns[i].Name);
            WriteValue(json, row[i]);
        }
    });

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
            case IEnumerable<string?> texts:
                json.WriteStartArray();
                foreach (var text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private void WriteYaml(TextWriter output)
    {
        if (Count == 0) output.WriteLine("[]");
        foreach (var row in _rows) WriteYaml(output, row);
    }

    private void WriteYaml(TextWriter output, object?[] row)
    {
        for (var i = 0; i < columns.Length; i++) output.WriteLine($"{(i == 0 ? "- " : "  ")}{columns[i].Name}: {Yaml(row[i])}");
    }

    private static string Yaml(object? value) => value switch
    {
        null => "null",
        bool isSo => isSo ? "true" : "false",
        IEnumerable<int> numbers => $"[{string.Join(", ", numbers)}]",
        IEnumerable<string?> texts => $"[{string.Join(", ", texts.Select(Yaml))}]",
        int or short or long or double => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        // A text in JSON's quotes is one in YAML too, whatever is in it.
        _ => $"\"{JsonEncodedText.Encode(Convert.ToString(value, CultureInfo.InvariantCulture)!, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
    };
}
