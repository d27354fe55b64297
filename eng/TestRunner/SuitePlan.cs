namespace Moldau.TestRunner;

/// <summary>Which suites a run consists of. Every project under <c>tests/</c> is one, found by its file.</summary>
internal static class SuitePlan
{
    /// <summary>
    /// The namespaces with intrinsics or native calls behind them: their tests run a second time with every fallback
    /// forced, as the code runs on machines without them.
    /// </summary>
    public static readonly string[] DataPath = ["Moldau.Unit.Protocol", "Moldau.Unit.Protocol.*"];

    private const string Unit = "Unit";

    public static List<Suite> Make(string root, RunKind kind, IReadOnlyList<string> filter)
    {
        var suites = new List<Suite>();
        foreach (var project in Projects(root))
        {
            var name = project["Moldau.".Length..];
            if (kind == RunKind.Fast && name != Unit) continue;

            var program = Path.Combine(root, "artifacts", "bin", project, "release", project);
            if (OperatingSystem.IsWindows()) program += ".exe";
            suites.Add(new Suite(name, program, kind == RunKind.Fast ? Quick(filter) : filter, Variables(kind), Deadline(kind)));
            if (kind != RunKind.Fast && name == Unit) suites.Add(Fallbacks(new Net8Variant(root, program), kind, filter));
        }

        return suites;
    }

    private static Suite Fallbacks(Net8Variant variant, RunKind kind, IReadOnlyList<string> filter)
    {
        var variables = Variables(kind);
        variables["DOTNET_EnableHWIntrinsic"] = "0";
        return new Suite($"{Unit}, fallbacks forced on Protocol for .NET 8", variant.Program, Narrowed(filter), variables, Deadline(kind), variant.Make);
    }

    /// <summary>Tests of <c>[Trait("Pace", "slow")]</c> are not for the inner loop; a query stands alone.</summary>
    private static string[] Quick(IReadOnlyList<string> filter) =>
        filter.Contains("-filter") ? [.. filter] : [.. filter, "-trait-", "Pace=slow"];

    /// <summary>
    /// Filters of one kind widen each other and those of two kinds narrow each other, so the namespaces narrow any
    /// filter but one on namespaces; and a query stands alone. Those two run as they were given.
    /// </summary>
    private static string[] Narrowed(IReadOnlyList<string> filter) =>
        filter.Contains("-namespace") || filter.Contains("-filter")
            ? [.. filter]
            : [.. filter, .. DataPath.SelectMany(name => new[] { "-namespace", name })];

    /// <summary>The names of the test projects: first the unit tests, then by name.</summary>
    private static List<string> Projects(string root)
    {
        var projects = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(root, "tests")))
        {
            projects.AddRange(Directory.EnumerateFiles(folder, "Moldau.*.csproj").Select(file => Path.GetFileNameWithoutExtension(file)!));
        }

        projects.Sort((left, right) =>
            (left != $"Moldau.{Unit}", left).CompareTo((right != $"Moldau.{Unit}", right)));
        return projects;
    }

    private static Dictionary<string, string> Variables(RunKind kind)
    {
        var variables = new Dictionary<string, string>();
        if (kind == RunKind.Long) variables["MOLDAU_LONG"] = "1";
        return variables;
    }

    private static TimeSpan Deadline(RunKind kind) => kind switch
    {
        RunKind.Fast => TimeSpan.FromMinutes(3),
        RunKind.Full => TimeSpan.FromMinutes(15),
        _ => TimeSpan.FromHours(24),
    };
}
