namespace Moldau.Shared;

/// <summary>Where the checkout is, that the tests read definitions and sources from.</summary>
internal static class RepositoryPaths
{
    public static string Root { get; } = FindRoot();

    public static string Protocol => Path.Combine(Root, "protocol");

    public static string JavaSources => Path.Combine(Root, "tests", "Compatibility", "java");

    public static string LibrdkafkaDriver => Path.Combine(Root, "tests", "Compatibility", "librdkafka", "driver.py");

    public static string RecordScript => Path.Combine(Root, "tests", "Compatibility", "librdkafka", "records.py");

    /// <summary>The path as a reader of a report types it: from the root, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Moldau.slnx above " + AppContext.BaseDirectory);
    }
}
