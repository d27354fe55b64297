using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// Which partition a record goes to that names none. All producers of a topic have to agree on it, or the records of one key come to lie in
/// several partitions.
/// </summary>
public sealed class Partitioner
{
    /// <summary>What a partitioner says when it does not matter: the producer then fills one partition's batch after another's.</summary>
    public const int Anywhere = -1;

    private readonly PartitionChoice _choose;

    private Partitioner(PartitionChoice choose) => _choose = choose;

    /// <summary>By the key's murmur2 hash, as Kafka's own producer does; without a key wherever it suits.</summary>
    public static Partitioner Murmur2 { get; } = new(static (_, key, partitions) => key.IsNull ? Anywhere : Producing.Murmur2.PartitionOf(key.Span, partitions));

    /// <summary>
    /// By the key's CRC-32, as librdkafka and what is built on it do by default (consistent_random); without a key, or with an empty one,
    /// wherever it suits.
    /// </summary>
    public static Partitioner Crc32 { get; } = new(static (_, key, partitions) => key.Span.IsEmpty ? Anywhere : (int)(Producing.Crc32.Of(key.Span) % (uint)partitions));

    /// <summary>One of your own.</summary>
    public static Partitioner By(PartitionChoice choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return new Partitioner(choose);
    }

    internal int Choose(string topic, OptionalBytes key, int partitions) => _choose(topic, key, partitions);
}
