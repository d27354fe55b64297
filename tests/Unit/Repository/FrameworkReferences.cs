using Microsoft.CodeAnalysis;

namespace Moldau.Unit.Repository;

/// <summary>The framework these tests run on, for a compilation.</summary>
internal static class FrameworkReferences
{
    public static IReadOnlyList<MetadataReference> All { get; } = Load();

    private static List<MetadataReference> Load()
    {
        var references = new List<MetadataReference>();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll"))
        {
            if (!file.EndsWith(".Native.dll", StringComparison.Ordinal)) references.Add(MetadataReference.CreateFromFile(file));
        }

        return references;
    }
}
