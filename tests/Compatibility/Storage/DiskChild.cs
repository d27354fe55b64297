using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>Runs one explicit test, of <see cref="DiskWork"/> or another class, in a process of its own, below another program where one is named.</summary>
internal static class DiskChild
{
    private const string FolderVariable = "MOLDAU_DISK_FOLDER";
    private const string ResultVariable = "MOLDAU_DISK_RESULT";

    /// <summary>In the child: the folder to work in.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable)
        ?? throw new InvalidOperationException("this is run by other tests, in a process of its own");

    /// <summary>In the child: what the parent is to learn, and that there was a child at all.</summary>
    public static void Report(string result) => File.WriteAllText(Environment.GetEnvironmentVariable(ResultVariable)!, result);

    /// <returns>What the child reported.</returns>
    public static Task<string> RunAsync(string work, string folder, params string[] below) => RunAsync(work, folder, typeof(DiskWork), below);

    /// <returns>What the child reported.</returns>
    public static async Task<string> RunAsync(string work, string folder, Type where, params string[] below)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no path");
        var result = Path.Combine(Path.GetTempPath(), $"moldau-disk-{Guid.NewGuid():n}");
        string[] command =
        [
            .. below, "env", $"{FolderVariable}={folder}", $"{ResultVariable}={result}",
            program, "-noLogo", "-noColor", "-explicit", "only", "-method", $"{where.FullName}.{work}",
        ];
        try
        {
            // Its report of a failure goes where this process shows it.
            await ChildProcess.RunAsync(work, TimeSpan.FromSeconds(60), "sh", ["-c", "\"$@\" 1>&2", "sh", .. command]);
            return await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(result);
        }
    }
}
