namespace Moldau.Broker.Metadata.Records;

/// <summary>The same settings are the same bytes, in whatever order they were given.</summary>
internal static class InOrder
{
    public static IReadOnlyDictionary<string, T> Of<T>(IReadOnlyDictionary<string, T> values)
    {
        var sorted = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in values) sorted.Add(name, value);
        return sorted;
    }
}
