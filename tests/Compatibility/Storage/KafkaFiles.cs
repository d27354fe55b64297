using Moldau.Compatibility.Kafka;
using Moldau.Storage.Files;

namespace Moldau.Compatibility.Storage;

/// <summary>
/// A temporary folder that Kafka's classes and ours both write to, and the questions for the Java program: collected, and
/// answered by one run of it.
/// </summary>
internal sealed class KafkaFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("moldau-storage-");
    private readonly List<string> _lines = [];

    public IFileSystem Disk { get; } = new DiskFileSystem();

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <returns>The place of the answer.</returns>
    public int Ask(params IEnumerable<object> words)
    {
        _lines.Add(string.Join(' ', words));
        return _lines.Count - 1;
    }

    public async Task<IReadOnlyList<string>> AnswersAsync(string purpose)
    {
        var answers = await KafkaJars.RunAsync(purpose, TimeSpan.FromSeconds(120), "StorageFiles", _lines);
        return answers.Count == _lines.Count
            ? answers
            : throw new InvalidOperationException($"{purpose}: {answers.Count} answers to {_lines.Count} questions");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
