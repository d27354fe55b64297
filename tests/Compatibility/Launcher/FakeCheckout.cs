using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Launcher;

/// <summary>
/// The launcher in a checkout of its own, with a pretended SDK: it takes no time, says how often it built, and can be
/// held or made to fail. What it "builds" prints its process id, its arguments and its input.
/// </summary>
internal sealed class FakeCheckout : IDisposable
{
    private const string Sdk =
        """
        #!/usr/bin/env bash
        if [ "$1" = --version ]; then
          [ -z "${SDK_TOO_OLD:-}" ] || exit 155
          echo 10.0.100
          exit
        fi
        echo build >>"$SDK_LOG"
        while [ -e "$SDK_LOG.hold" ]; do sleep 0.01; done
        if [ -n "${SDK_FAILS:-}" ]; then echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1; fi
        mkdir -p artifacts/bin/Moldau.Host/release
        program=artifacts/bin/Moldau.Host/release/moldau
        printf '%s\n' '#!/usr/bin/env bash' 'echo "pid $$"' 'printf "argument %s\n" "$@"' 'cat' 'exit 3' >"$program"
        chmod +x "$program"
        """;

    private static readonly string[] Tools = ["bash", "env", "cat", "chmod", "dirname", "find", "mkdir", "mv", "readlink", "rm", "sed", "sleep"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("moldau launcher ");
    private readonly string _tools;

    /// <param name="hasFlock">Whether the system has the program <c>flock</c>, as Linux does and macOS does not.</param>
    public FakeCheckout(bool hasFlock = true)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the pretended SDK is a script, which Windows does not start");
        foreach (var folder in new[] { "src/Host", "protocol", "eng/ProtocolGenerator" }) _folder.CreateSubdirectory(folder);
        foreach (var file in new[] { "moldau", "eng/build.sh", "global.json" }) File.Copy(Path.Combine(RepositoryPaths.Root, file), PathOf(file));
        foreach (var file in new[] { "src/Host/Program.cs", "Directory.Build.props", ".editorconfig" }) File.WriteAllText(PathOf(file), "");

        _tools = _folder.CreateSubdirectory("tools").FullName;
        foreach (var tool in hasFlock ? [.. Tools, "flock"] : Tools) File.CreateSymbolicLink(Path.Combine(_tools, tool), Find(tool));
        File.WriteAllText(Path.Combine(_tools, "dotnet"), Sdk);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_tools, "dotnet"), File.GetUnixFileMode(PathOf("moldau")));
    }

    public string Launcher => PathOf("moldau");

    public int Builds => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    private string Log => PathOf("builds");

    private string Hold => Log + ".hold";

    public void Dispose() => _folder.Delete(recursive: true);

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void RemoveSdk() => File.Delete(Path.Combine(_tools, "dotnet"));

    public void HoldBuilds() => File.WriteAllText(Hold, "");

    public void LetBuildsGo() => File.Delete(Hold);

    /// <summary>Until a build has begun.</summary>
    public async Task BuildBegunAsync(CancellationToken cancellation)
    {
        while (Builds == 0) await Task.Delay(5, cancellation);
    }

    public Task<Launch> StartAsync(params string[] arguments) => StartAsync(Launcher, arguments);

    public Task<Launch> StartAsync(string launcher, string[] arguments, string input = "", string? variable = null) => Launch.RunAsync(
        launcher,
        arguments,
        new Dictionary<string, string?> { ["PATH"] = _tools, ["SDK_LOG"] = Log, ["DOTNET_ROOT"] = null, [variable ?? "NONE"] = "1" },
        input: input);

    private static string Find(string tool) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}
