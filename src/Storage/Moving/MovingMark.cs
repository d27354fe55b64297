using System.Text;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Moving;

/// <summary>
/// The file that says of a log's folder that it is a copy, and of which data folder's log. As long as it is there, the log
/// over there is the partition's, if there is one. Ours: Kafka knows copies by their folders' names alone.
/// </summary>
internal static class MovingMark
{
    public const string FileName = "moldau-moving";

    private const string Key = "from_directory: ";

    public static bool IsIn(IFileSystem disk, string folder) => disk.FileExists(Path.Combine(folder, FileName));

    /// <summary>Durable when it returns.</summary>
    public static void Write(IFileSystem disk, string folder, Uuid from) => FileIn(disk, folder).Replace(Encoding.UTF8.GetBytes(Key + from));

    public static void Delete(IFileSystem disk, string folder) => FileIn(disk, folder).Delete();

    /// <returns>The directory id of the data folder that it is a copy from; zero where that cannot be read, null without a mark.</returns>
    public static Uuid? Read(IFileSystem disk, string folder)
    {
        if (FileIn(disk, folder).Read() is not { } bytes) return null;
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith(Key, StringComparison.Ordinal) && Uuid.TryParse(text[Key.Length..].Trim(), out var from) ? from : default(Uuid);
    }

    private static AtomicFile FileIn(IFileSystem disk, string folder) => new(disk, Path.Combine(folder, FileName));
}
