using Moldau.Compatibility.Launcher;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Packing;

/// <summary>What <c>./pack</c> has made, once for all tests, and a folder of its own for what is installed of it.</summary>
public sealed class PackedMoldau : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("moldau pack ");

    public string Packages { get; } = Path.Combine(RepositoryPaths.Root, "artifacts", "packages");

    /// <summary>The archive's folder, unpacked.</summary>
    public string Unpacked { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux()) return;
        await RunAsync(Path.Combine(RepositoryPaths.Root, "pack"));
        var archive = Directory.GetFiles(Packages, "moldau-*-linux-x64.tar.gz").Single();
        await RunAsync("tar", "-xzf", archive, "-C", _folder.FullName);
        Unpacked = PathOf(Path.GetFileName(archive)[..^".tar.gz".Length]);
        // No source but these packages: what else is needed lies in the cache of the build.
        await File.WriteAllTextAsync(
            PathOf("nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{PathOf("cache")}" /></config>
              <fallbackPackageFolders><clear /><add key="built" value="{BuildCache}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="packed" value="{Packages}" /></packageSources>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A configuration by which packages come from here and, what these do not have, from where everybody has it from.</summary>
    public async Task WriteWebConfigurationAsync(string path) => await File.WriteAllTextAsync(
        path,
        $"""
        <configuration>
          <packageSources><clear /><add key="packed" value="{Packages}" /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" protocolVersion="3" /></packageSources>
        </configuration>
        """);

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> RunAsync(string program, params string[] arguments) =>
        RunWithAsync(program == "dotnet" ? PathOf("cache") : Environment.GetEnvironmentVariable("NUGET_PACKAGES"), program, arguments);

    /// <summary>The same with a cache of packages of its own.</summary>
    public async Task<string> RunWithAsync(string? cache, string program, params string[] arguments)
    {
        var launch = await Launch.RunAsync(program, arguments, new Dictionary<string, string?> { ["DOTNET_CLI_HOME"] = PathOf("home"), ["DOTNET_NOLOGO"] = "1", ["NUGET_PACKAGES"] = cache });
        Assert.True(launch.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {launch.ExitCode}: {launch.Output}{launch.Error}");
        return launch.Output;
    }

    private static string BuildCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
