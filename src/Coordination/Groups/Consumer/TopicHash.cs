using System.Buffers.Binary;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>Hashes what a group's assignment depends on of its topics, as Kafka does; it stands in the group's record.</summary>
internal static class TopicHash
{
    private const byte Magic = 0;

    /// <summary>Of a group that subscribes to these; topics that do not exist do not count.</summary>
    public static long OfGroup(IEnumerable<string> subscribed, ITopicDirectory topics)
    {
        var hashes = new List<byte>();
        foreach (var name in subscribed.Order(StringComparer.Ordinal))
        {
            if (topics.Find(name) is { } topic) Put(hashes, topic.Hash);
        }

        return hashes.Count == 0 ? 0 : (long)Xxh3.Hash([.. hashes]);
    }

    public static long Of(TopicFacts topic)
    {
        var bytes = new List<byte> { Magic };
        Put(bytes, topic.Id);
        Put(bytes, topic.Name);
        Put(bytes, topic.PartitionCount);
        for (var partition = 0; partition < topic.PartitionCount; partition++)
        {
            Put(bytes, partition);
            foreach (var rack in topic.RacksOf(partition).Order(StringComparer.Ordinal))
            {
                Put(bytes, rack.Length);
                Put(bytes, rack);
            }
        }

        return (long)Xxh3.Hash([.. bytes]);
    }

    private static void Put(List<byte> bytes, Uuid id)
    {
        Put(bytes, (long)id.High);
        Put(bytes, (long)id.Low);
    }

    // A text is its UTF-16 units and their number.
    private static void Put(List<byte> bytes, string text)
    {
        foreach (var unit in text)
        {
            bytes.Add((byte)unit);
            bytes.Add((byte)(unit >> 8));
        }

        Put(bytes, text.Length);
    }

    private static void Put(List<byte> bytes, int number)
    {
        Span<byte> little = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(little, number);
        bytes.AddRange(little);
    }

    private static void Put(List<byte> bytes, long number)
    {
        Span<byte> little = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(little, number);
        bytes.AddRange(little);
    }
}
