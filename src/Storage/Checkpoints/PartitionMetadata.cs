using System.Text;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>Which topic a log belongs to: the id, because a name may have been given anew.</summary>
public sealed record PartitionMetadata(Uuid TopicId)
{
    public const string FileName = "partition.metadata";

    private const string VersionLine = "version: 0";
    private const string TopicKey = "topic_id:";
    private const string Advice = "restore the file from a copy, or from the topic's id that the cluster knows";

    /// <returns>Null where there is no file.</returns>
    public static PartitionMetadata? Read(IFileSystem disk, string path) =>
        new AtomicFile(disk, path).Read() is { } bytes ? Parse(bytes, path) : null;

    public void Write(IFileSystem disk, string path) => new AtomicFile(disk, path).Replace(ToBytes());

    public static PartitionMetadata Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var lines = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        if (lines[0] != VersionLine) throw DamagedFileException.AtLine(path, 1, VersionLine, lines[0], Advice);
        var second = lines.Length > 1 ? lines[1] : "";
        if (!second.StartsWith(TopicKey, StringComparison.Ordinal)) throw DamagedFileException.AtLine(path, 2, TopicKey, second, Advice);
        var text = second[TopicKey.Length..].Trim();
        if (!Uuid.TryParse(text, out var id) || id.IsZero) throw DamagedFileException.AtLine(path, 2, "a topic's id", text, Advice);
        for (var i = 2; i < lines.Length; i++)
        {
            if (lines[i].Length > 0) throw DamagedFileException.AtLine(path, i + 1, "the end of the file", lines[i], Advice);
        }

        return new PartitionMetadata(id);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{VersionLine}\n{TopicKey} {TopicId}");
}
