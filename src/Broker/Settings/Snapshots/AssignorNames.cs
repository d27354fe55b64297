namespace Moldau.Broker.Settings.Snapshots;

/// <summary>The assignors there are, by their names; the names of Kafka's classes mean the same.</summary>
internal static class AssignorNames
{
    private const string Package = "org.apache.kafka.coordinator.group.assignor.";

    public static readonly string[] Consumer = ["uniform", "range"];

    public static readonly string[] Share = ["simple"];

    public static bool IsKnown(string given, string[] known) => known.Contains(Short(given));

    /// <summary>As it was given, in the same order, under short names, each once.</summary>
    public static IReadOnlyList<string> Short(IReadOnlyList<string> given) => [.. given.Select(Short).Distinct(StringComparer.Ordinal)];

    private static string Short(string given) => given switch
    {
        Package + "UniformAssignor" => "uniform",
        Package + "RangeAssignor" => "range",
        Package + "SimpleAssignor" => "simple",
        _ => given,
    };
}
