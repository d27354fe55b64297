using System.Globalization;
using Moldau.Storage.Checkpoints;

namespace Moldau.Storage.Folders;

/// <summary>A topic and the number of one of its partitions. The folder of its log is called like it.</summary>
public readonly record struct PartitionName(string Topic, int Partition)
{
    /// <summary>Whether a folder can be called so, and a checkpoint name it.</summary>
    public bool IsValid => OffsetCheckpoint.IsTopic(Topic) && Partition >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else: two names never stand for one partition.</summary>
    public static bool TryParse(string text, out PartitionName name)
    {
        name = default;
        var dash = text.LastIndexOf('-');
        if (dash <= 0 || !WholeNumber.TryParse(text[(dash + 1)..], out int partition)) return false;
        var parsed = new PartitionName(text[..dash], partition);
        if (!parsed.IsValid || parsed.ToString() != text) return false;
        name = parsed;
        return true;
    }
}
