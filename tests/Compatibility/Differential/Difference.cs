namespace Moldau.Compatibility.Differential;

/// <summary>A field that the two brokers answer differently.</summary>
internal sealed record Difference(string Script, ScriptStep Step, short Version, string Field, string Ours, string Kafkas)
{
    /// <summary>A line each, but one for all versions that differ in the same way.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Difference> found) => found
        .GroupBy(one => (one.Script, one.Step.Line, one.Step.Api.Key, one.Step.Case, one.Field, one.Ours, one.Kafkas))
        .Select(alike => $"{alike.Key.Script}.txt:{alike.Key.Line} {alike.Key.Key} v{string.Join(',', alike.Select(one => one.Version).Distinct())} | {alike.Key.Case} | {alike.Key.Field}: ours {alike.Key.Ours}, Kafka's {alike.Key.Kafkas}");
}
