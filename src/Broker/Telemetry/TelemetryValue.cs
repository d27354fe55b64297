namespace Moldau.Broker.Telemetry;

/// <summary>One of a client's numbers.</summary>
/// <param name="Name">As the client has it: <c>org.apache.kafka.producer.connection.creation.total</c>, for one.</param>
/// <param name="Unit">As the client has it, or empty.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Attributes">What it is about, and what the client said of itself, in the order of their names.</param>
/// <param name="Value">The latest; of sums that are pushed as differences, all of them together.</param>
public sealed record TelemetryValue(string Name, string Unit, TelemetryKind Kind, IReadOnlyList<KeyValuePair<string, string>> Attributes, double Value)
{
    /// <summary>Tells it from the client's other numbers.</summary>
    internal string Key { get; } = $"{Name}\n{string.Join('\n', Attributes.Select(static pair => $"{pair.Key}={pair.Value}"))}";

    /// <summary>It counts since the last push, not since the start.</summary>
    internal bool IsDifference { get; init; }
}
