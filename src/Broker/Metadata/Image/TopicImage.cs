using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Metadata.Image;

/// <summary>A topic as of some revision.</summary>
public readonly struct TopicImage
{
    private readonly PartitionTable _partitions;

    internal TopicImage(string name, Stored<TopicNameRecord> record, PartitionTable partitions)
    {
        Name = name;
        Id = record.Record.Id;
        PartitionCount = record.Record.Partitions;
        Revision = record.Revision;
        _partitions = partitions;
    }

    public string Name { get; }

    public Uuid Id { get; }

    public int PartitionCount { get; }

    /// <summary>That gave it its name, or a greater number of partitions.</summary>
    public long Revision { get; }

    /// <summary>Null where the topic has no such partition.</summary>
    public Stored<PartitionRecord>? Partition(int number) => (uint)number < (uint)PartitionCount ? _partitions[number] : null;
}
