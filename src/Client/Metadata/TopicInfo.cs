using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Metadata;

/// <summary>A topic and its partitions, in the order of their numbers.</summary>
public sealed record TopicInfo(string Name, Uuid Id, bool IsInternal, IReadOnlyList<PartitionInfo> Partitions, ErrorCode Error)
{
    public PartitionInfo? Find(int partition)
    {
        foreach (var info in Partitions)
        {
            if (info.Partition == partition) return info;
        }

        return null;
    }
}
