using Moldau.Shared;

namespace Moldau.Unit.Repository;

/// <summary>The files people wrote, as opposed to those a build or an editor left between them.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] CodeFolders = ["src", "eng", "tests", "benchmarks"];
    private static readonly HashSet<string> NotOurs = ["bin", "obj", "artifacts", "node_modules", "moldau-data"];
    private static readonly Lazy<IReadOnlyList<SourceFile>> Parsed = new(Parse);

    /// <summary>Every C# file, parsed once for all tests.</summary>
    public static IReadOnlyList<SourceFile> Sources => Parsed.Value;

    /// <summary>Full paths, from a folder below the root or from the root itself.</summary>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        var path = Path.Combine(RepositoryPaths.Root, folder);
        return Directory.Exists(path) ? Walk(new DirectoryInfo(path), pattern) : [];
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder, string pattern)
    {
        foreach (var file in folder.EnumerateFiles(pattern)) yield return file.FullName;
        foreach (var inner in folder.EnumerateDirectories())
        {
            if (inner.Name.StartsWith('.') || NotOurs.Contains(inner.Name)) continue;
            foreach (var file in Walk(inner, pattern)) yield return file;
        }
    }

    private static List<SourceFile> Parse() =>
    [
        .. CodeFolders.SelectMany(folder => Find(folder, "*.cs")).Order(StringComparer.Ordinal).AsParallel().AsOrdered()
            .Select(path => SourceFile.Parse(RepositoryPaths.Relative(path), File.ReadAllText(path))),
    ];
}
