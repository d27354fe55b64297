using System.Diagnostics;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Kafka;

/// <summary>
/// Apache Kafka's jars, found through MOLDAU_KAFKA: a folder with a script 'kafka' whose 'classpath' prints them.
/// Our Java sources are compiled against them once a run, into a folder that goes with it.
/// </summary>
internal static class KafkaJars
{
    private const string Variable = "MOLDAU_KAFKA";

    private static readonly Lazy<Task<string>> ClassPath = new(PrepareAsync);

    /// <summary>Skips the running test where there is no Kafka to ask.</summary>
    public static void Require() =>
        Assert.SkipWhen(Folder is null, Variable + " names no folder with Apache Kafka: nothing to compare with");

    /// <summary>The script that runs Kafka's own programs.</summary>
    public static string Script => Path.Combine(Folder ?? throw new InvalidOperationException(Variable + " is not set"), "kafka");

    public static async Task<IReadOnlyList<string>> RunAsync(
        string purpose, TimeSpan deadline, string mainClass, IEnumerable<string>? input = null)
    {
        var classPath = await ClassPath.Value;
        // These programs live for seconds: the quick compiler and the plain collector leave the cores to the tests.
        string[] arguments = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Dfile.encoding=UTF-8", "-cp", classPath, mainClass];
        var output = await ChildProcess.RunAsync(purpose, deadline, "java", arguments, input);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The folder of our own Java classes.</summary>
    public static async Task<string> OurClassesAsync() => (await ClassPath.Value).Split(Path.PathSeparator)[^1];

    public static bool IsThere => Folder is not null;

    /// <summary>Starts a program that goes on until its standard input ends, or it is killed.</summary>
    /// <param name="options">What Java itself is told: its heap, and properties.</param>
    /// <param name="mainClass">One of ours, or of Kafka's.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<Process> StartAsync(IEnumerable<string> options, string mainClass, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("java", ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", .. options, "-cp", await ClassPath.Value, mainClass, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("could not start java");
    }

    private static string? Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(folder) ? null : folder;
        }
    }

    private static async Task<string> PrepareAsync()
    {
        // The first use unpacks the jars, which takes a while.
        var jars = (await ChildProcess.RunAsync("Kafka's class path", TimeSpan.FromMinutes(3), Script, ["classpath"])).Trim();

        var classes = Directory.CreateTempSubdirectory("moldau-kafka-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(classes, recursive: true);
        var sources = Directory.GetFiles(RepositoryPaths.JavaSources, "*.java");
        await ChildProcess.RunAsync(
            "compiling the Java sources", TimeSpan.FromSeconds(90), "javac", ["-encoding", "UTF-8", "-nowarn", "-d", classes, "-cp", jars, .. sources]);
        return jars + Path.PathSeparator + classes;
    }
}
