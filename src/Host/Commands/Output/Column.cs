namespace Moldau.Host.Commands.Output;

/// <summary>A column of a listing: its heading in a table, its name in JSON and YAML.</summary>
internal sealed record Column(string Heading, string Name)
{
    /// <summary>Left out of the narrow table.</summary>
    public bool IsWide { get; init; }
}
