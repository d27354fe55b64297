using Moldau.Compatibility.Kafka;
using Moldau.Shared;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>powerloss.c, compiled once for this process, and the environment that preloads it.</summary>
internal sealed class PowerLossLibrary
{
    private static readonly Lazy<Task<string>> s_library = new(CompileAsync);

    private readonly string _library;

    private PowerLossLibrary(string library) => _library = library;

    public static async Task<PowerLossLibrary> CompiledAsync() => new(await s_library.Value);

    /// <param name="folder">What is watched.</param>
    /// <param name="journal">Where to write it down.</param>
    /// <param name="skip">Flushes that are answered and not made, as CALL:PATTERN,...</param>
    public IReadOnlyDictionary<string, string> Environment(string folder, string journal, string? skip) => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _library,
        ["POWERLOSS_ROOT"] = folder,
        ["POWERLOSS_JOURNAL"] = journal,
        ["POWERLOSS_SKIP"] = skip ?? "",
    };

    private static async Task<string> CompileAsync()
    {
        var source = Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "PowerLoss", "powerloss.c");
        var folder = Directory.CreateTempSubdirectory("moldau-powerloss-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var library = Path.Combine(folder, "powerloss.so");
        await ChildProcess.RunAsync("compile powerloss.c", TimeSpan.FromSeconds(60), "gcc", ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source]);
        return library;
    }
}
