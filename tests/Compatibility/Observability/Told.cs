using System.Text.Json;

namespace Moldau.Compatibility.Observability;

/// <summary>One span, point or log line as the receiver understood it.</summary>
internal sealed record Told(string Signal, string Name)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public Dictionary<string, string> Resource { get; init; } = [];

    public Dictionary<string, string> Attributes { get; init; } = [];

    public string? Scope { get; init; }

    public string? Unit { get; init; }

    public string? Severity { get; init; }

    public string? Body { get; init; }

    public object? Kind { get; init; }

    public double Value { get; init; }

    public double Took { get; init; }

    public int Status { get; init; }

    public int Bounds { get; init; }

    public static Told Read(string line) => JsonSerializer.Deserialize<Told>(line, Form) ?? throw new FormatException(line);
}
