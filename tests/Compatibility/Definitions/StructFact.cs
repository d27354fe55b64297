namespace Moldau.Compatibility.Definitions;

/// <summary>A message, or a struct in it, as Kafka has it in one version.</summary>
internal sealed class StructFact
{
    /// <summary>In the order of the wire; tagged fields last.</summary>
    public required IReadOnlyList<FieldFact> Fields { get; init; }

    public required bool Flexible { get; init; }

    /// <summary>Fields that some version lacks and that may not be dropped silently there.</summary>
    public required HashSet<string> Refuses { get; init; }
}
