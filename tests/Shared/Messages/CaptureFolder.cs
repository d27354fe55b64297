using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>The captures that are kept with the sources: ten APIs a file, one for stored records, one for the messages that stand alone.</summary>
internal static class CaptureFolder
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Protocol", "Messages", "captures");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static string NameFor(DefinitionFile file) => file.Kind switch
    {
        FileKind.Api => $"apis-{file.Number / 10 * 10:00}-{file.Number / 10 * 10 + 9:00}.txt",
        FileKind.Record => "records.txt",
        _ => "messages.txt",
    };

    public static IReadOnlyList<Capture> Read(string name) => [.. File.ReadLines(Path.Combine(Folder, name)).Select(Capture.Parse)];

    public static void Write(string name, IEnumerable<Capture> captures)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), string.Concat(captures.Select(capture => capture + "\n")));
    }
}
