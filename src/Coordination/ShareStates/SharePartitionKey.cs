using System.Globalization;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.ShareStates;

/// <summary>A partition in the eyes of one group.</summary>
public readonly record struct SharePartitionKey(string Group, Uuid Topic, int Partition)
{
    /// <summary>By which its coordinator is found, in Kafka's form.</summary>
    public string CoordinatorId => $"{Group}:{Topic}:{Partition}";

    /// <summary>Reads <see cref="CoordinatorId"/>. A group's name may have colons, the rest has none.</summary>
    public static bool TryParse(string text, out SharePartitionKey key)
    {
        key = default;
        var last = text.LastIndexOf(':');
        var middle = last <= 0 ? -1 : text.LastIndexOf(':', last - 1);
        if (middle <= 0 || !Uuid.TryParse(text.AsSpan(middle + 1, last - middle - 1), out var topic)) return false;
        if (!int.TryParse(text.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return false;
        key = new SharePartitionKey(text[..middle], topic, partition);
        return true;
    }
}
