namespace Moldau.Host.Commands.Doctor.Facts;

/// <summary>The settings a start would take, or why it would not.</summary>
internal sealed record StartFacts
{
    /// <summary>By setting's name; only what was given, and what the program gives.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Faults { get; init; } = [];
}
