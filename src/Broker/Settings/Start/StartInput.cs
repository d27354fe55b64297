namespace Moldau.Broker.Settings.Start;

/// <summary>What a start has to read its settings from; what comes later counts more.</summary>
public sealed record StartInput
{
    /// <summary>The path of a file of properties; null for none.</summary>
    public string? File { get; init; }

    /// <summary>All variables of the environment; those that begin with <c>MOLDAU_</c> are settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables that begin so and are none, since the program uses them for something else.</summary>
    public IReadOnlyCollection<string> OtherVariables { get; init; } = [];

    /// <summary><c>NAME=VALUE</c> each, as given with <c>--set</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
}
