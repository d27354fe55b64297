using System.Globalization;
using System.Text;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// One offset for each partition of a disk, in a file of Kafka's names and format: how far a log is durable, where it
/// starts, how far it is compacted, how far it is replicated.
/// </summary>
public sealed class OffsetCheckpoint(IFileSystem disk, string path)
{
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";
    public const string LogStart = "log-start-offset-checkpoint";
    public const string Cleaner = "cleaner-offset-checkpoint";
    public const string Replication = "replication-offset-checkpoint";

    private const int LongestTopic = 249;
    private const string Advice = "move the file away: its partitions are then recovered from their first segment";

    private readonly AtomicFile _file = new(disk, path);

    /// <summary>Nothing where there is no file.</summary>
    public IReadOnlyList<PartitionOffset> Read() => _file.Read() is { } bytes ? Parse(bytes, _file.Path) : [];

    public void Write(IReadOnlyCollection<PartitionOffset> entries) => _file.Replace(Format(entries));

    public static IReadOnlyList<PartitionOffset> Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var lines = CheckpointLines.Parse(bytes, path, Advice);
        var entries = new List<PartitionOffset>(lines.Count);
        var seen = new HashSet<(string, int)>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var words = lines.Words(i, 3, "topic, partition and offset");
            if (!IsTopic(words[0])) throw lines.Damaged(i, "a topic's name", words[0]);
            var entry = new PartitionOffset(words[0], lines.Int32(i, words[1], "a partition"), lines.Int64(i, words[2], "an offset"));
            if (!seen.Add((entry.Topic, entry.Partition))) throw lines.Damaged(i, "each partition once", $"{entry.Topic} {entry.Partition} again");
            entries.Add(entry);
        }

        return entries;
    }

    public static byte[] Format(IReadOnlyCollection<PartitionOffset> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder();
        foreach (var (topic, partition, offset) in entries)
        {
            // What could not be read back must not replace what can.
            if (!IsTopic(topic) || partition < 0 || offset < 0)
                throw new ArgumentException($"'{topic}' {partition} {offset}: expected a topic's name, a partition and an offset", nameof(entries));
            text.Append(CultureInfo.InvariantCulture, $"{topic} {partition} {offset}\n");
        }

        return CheckpointLines.Format(text, entries.Count);
    }

    internal static bool IsTopic(string name)
    {
        if (name.Length is 0 or > LongestTopic) return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-')) return false;
        }

        return true;
    }
}
