using System.Globalization;
using Moldau.Protocol.Primitives;

namespace Moldau.Storage.Folders;

/// <summary>
/// What the folder of a log that is no longer served is called, as Kafka calls it: the partition, an id that nothing else
/// has, and what becomes of it. A topic's name is cut where the whole would be too long for a file system.
/// </summary>
internal readonly record struct LeavingName(string Prefix, int Partition, bool IsCut)
{
    private const int Longest = 255;
    private const string Delete = "-delete";

    // Kafka's word, too, for a log that no topic's record names.
    private const string Stray = "-stray";

    // And Kafka's word for a copy in the making.
    private const string Future = "-future";

    public static string ForDeletion(PartitionName name, Uuid unique) => Of(name, unique, Delete);

    public static string ForStray(PartitionName name, Uuid unique) => Of(name, unique, Stray);

    public static string ForFuture(PartitionName name, Uuid unique) => Of(name, unique, Future);

    /// <summary>Reads the name of a folder that is to be deleted, as also a copy is that was not finished.</summary>
    public static bool TryParse(string folder, out LeavingName name)
    {
        name = default;
        var ending = folder.EndsWith(Delete, StringComparison.Ordinal) ? Delete : Future;
        if (!folder.EndsWith(ending, StringComparison.Ordinal)) return false;
        var dot = folder.LastIndexOf('.');
        if (dot <= 0 || dot + 1 >= folder.Length - ending.Length || !PartitionName.TryParse(folder[..dot], out var partition)) return false;
        name = new LeavingName(partition.Topic, partition.Partition, folder.Length == Longest);
        return true;
    }

    /// <summary>Whether it may have been this partition's.</summary>
    public bool Fits(PartitionName name) =>
        name.Partition == Partition && (name.Topic == Prefix || (IsCut && name.Topic.StartsWith(Prefix, StringComparison.Ordinal)));

    private static string Of(PartitionName name, Uuid unique, string ending)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-{name.Partition}.{unique.High:x16}{unique.Low:x16}{ending}");
        return name.Topic[..Math.Min(name.Topic.Length, Longest - suffix.Length)] + suffix;
    }
}
