using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Java programs one after the other in one machine, each with a file for its input or its output.</summary>
internal sealed class JavaTools : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-java-tools-").FullName;
    private readonly List<string> _lines = [];
    private readonly List<string> _outputs = [];

    public void Add(params string[] words) => _lines.Add(string.Join('\t', words));

    public void Add(IEnumerable<string> input, params string[] words)
    {
        var file = Path.Combine(_folder, $"input-{_lines.Count}");
        File.WriteAllLines(file, input);
        Add([.. words, "<" + file]);
    }

    public void AddReading(params string[] words)
    {
        _outputs.Add(Path.Combine(_folder, $"output-{_lines.Count}"));
        Add([.. words, ">" + _outputs[^1]]);
    }

    /// <returns>What those said whose output is asked for.</returns>
    public async Task<IReadOnlyList<byte[]>> RunAsync(string purpose)
    {
        var said = await KafkaJars.RunAsync(purpose, Deadline, "ToolRunner", _lines);
        var failure = said.FirstOrDefault(static line => line.StartsWith("failed: ", StringComparison.Ordinal));
        if (failure is not null) throw new InvalidOperationException($"{purpose}: {string.Join('\n', said)}");
        return [.. _outputs.Select(File.ReadAllBytes)];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
