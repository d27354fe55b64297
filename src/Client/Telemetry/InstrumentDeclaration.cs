namespace Moldau.Client.Telemetry;

/// <summary>All there is to say about one instrument; the reference is made from it.</summary>
/// <param name="Name">OpenTelemetry's where it has one, and ours under <c>moldau.client.</c>.</param>
/// <param name="Unit">As UCUM writes it.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">In the order in which series name their values; one that has none is left out of its series.</param>
internal sealed record InstrumentDeclaration(string Name, InstrumentKind Kind, string Unit, string Help, params IReadOnlyList<string> Labels)
{
    /// <summary>Puts one client's series of this moment into a reading; null where they are recorded one by one.</summary>
    public Action<ClientFigures, InstrumentReading>? Collect { get; init; }
}
