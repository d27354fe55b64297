using System.Globalization;
using System.Text;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>The file with a log's epochs, in Kafka's name and format: both numbers rise from line to line.</summary>
public sealed class LeaderEpochCheckpoint(IFileSystem disk, string path)
{
    public const string FileName = "leader-epoch-checkpoint";

    private const string Advice = "move the file away: it is then built again from the log's batches";

    private readonly AtomicFile _file = new(disk, path);

    /// <summary>Nothing where there is no file.</summary>
    public EpochStart[] Read() => _file.Read() is { } bytes ? Parse(bytes, _file.Path) : [];

    public void Write(ReadOnlySpan<EpochStart> entries) => _file.Replace(Format(entries));

    public static EpochStart[] Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var lines = CheckpointLines.Parse(bytes, path, Advice);
        var entries = new EpochStart[lines.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var words = lines.Words(i, 2, "epoch and offset");
            entries[i] = new EpochStart(lines.Int32(i, words[0], "an epoch"), lines.Int64(i, words[1], "an offset"));
            if (i == 0) continue;
            var before = entries[i - 1];
            if (entries[i].Epoch <= before.Epoch) throw lines.Damaged(i, $"an epoch above {before.Epoch}", words[0]);
            if (entries[i].Offset <= before.Offset) throw lines.Damaged(i, $"an offset above {before.Offset}", words[1]);
        }

        return entries;
    }

    public static byte[] Format(ReadOnlySpan<EpochStart> entries)
    {
        var text = new StringBuilder();
        foreach (var (epoch, offset) in entries) text.Append(CultureInfo.InvariantCulture, $"{epoch} {offset}\n");
        return CheckpointLines.Format(text, entries.Length);
    }
}
