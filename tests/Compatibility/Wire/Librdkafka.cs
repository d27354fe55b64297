using Moldau.Compatibility.Kafka;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Wire;

/// <summary>
/// The Python interpreters that have confluent_kafka, which is librdkafka: the one that Debian packages, years old by
/// now, and a new one from the wheels in the folder that MOLDAU_WHEELS names.
/// </summary>
internal static class Librdkafka
{
    public const string Old = "old";
    public const string New = "new";

    private const string Variable = "MOLDAU_WHEELS";
    private const string SystemPython = "/usr/bin/python3";

    private static readonly Lazy<Task<string>> Environment = new(PrepareAsync);

    /// <returns>The interpreter; skips the running test where there are no wheels.</returns>
    public static Task<string> PythonAsync(string which)
    {
        if (which == Old) return CheckedSystemPythonAsync();
        Assert.SkipUnless(HasNew, Variable + " names no folder with wheels of confluent_kafka: no new librdkafka to talk with");
        return Environment.Value;
    }

    public static bool HasNew => !string.IsNullOrEmpty(Wheels);

    private static string? Wheels => System.Environment.GetEnvironmentVariable(Variable);

    private static async Task<string> CheckedSystemPythonAsync()
    {
        try
        {
            await ChildProcess.RunAsync("Debian's confluent_kafka", TimeSpan.FromSeconds(30), SystemPython, ["-c", "import confluent_kafka"]);
            return SystemPython;
        }
        catch (Exception missing) when (missing is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"{SystemPython} has no confluent_kafka (Debian: apt-get install python3-confluent-kafka)", missing);
        }
    }

    /// <summary>A virtual environment costs ten seconds, so it is kept, under a name that changes with the wheels.</summary>
    private static async Task<string> PrepareAsync()
    {
        var wheels = Directory.GetFiles(Wheels!, "*.whl").Select(wheel => Path.GetFileNameWithoutExtension(wheel)!).Order(StringComparer.Ordinal);
        var folder = Path.Combine(RepositoryPaths.Root, "artifacts", "python", string.Join('+', wheels));
        var python = Path.Combine(folder, "bin", "python");
        if (File.Exists(python)) return python;

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var fresh = $"{folder}.{System.Environment.ProcessId}";
        try
        {
            await ChildProcess.RunAsync("a virtual environment of Python", TimeSpan.FromSeconds(120), "python3", ["-m", "venv", fresh]);
            await ChildProcess.RunAsync(
                "confluent_kafka's installation", TimeSpan.FromSeconds(120), Path.Combine(fresh, "bin", "python"),
                ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", Wheels!, "confluent-kafka"]);
            // Moved when it is whole: nobody ever sees half of one, and of two runs that make it one wins.
            if (!Directory.Exists(folder)) Directory.Move(fresh, folder);
            return python;
        }
        catch (IOException) when (File.Exists(python))
        {
            return python;
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }
}
