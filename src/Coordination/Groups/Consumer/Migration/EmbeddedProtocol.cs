using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Migration;

/// <summary>What members of the classic protocol of type 'consumer' tell each other: subscriptions and assignments, by topics' names.</summary>
internal static class EmbeddedProtocol
{
    public const string Type = "consumer";

    /// <exception cref="MalformedMessageException">It is of another form.</exception>
    public static ConsumerProtocolSubscription Subscription(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var version = reader.ReadInt16("version");
        if (version < ConsumerProtocolSubscription.LowestVersion) throw new MalformedMessageException("version", $"a subscription of version {version}", 0);
        var subscription = new ConsumerProtocolSubscription();
        subscription.Read(ref reader, Math.Min(version, ConsumerProtocolSubscription.HighestVersion));
        return subscription;
    }

    /// <exception cref="MalformedMessageException">It is of another form.</exception>
    public static ConsumerProtocolAssignment Assignment(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var version = reader.ReadInt16("version");
        if (version < ConsumerProtocolAssignment.LowestVersion) throw new MalformedMessageException("version", $"an assignment of version {version}", 0);
        var assignment = new ConsumerProtocolAssignment();
        assignment.Read(ref reader, Math.Min(version, ConsumerProtocolAssignment.HighestVersion));
        return assignment;
    }

    /// <param name="like">A subscription: the member reads what it writes.</param>
    public static byte[] Write(IEnumerable<KeyValuePair<Uuid, IEnumerable<int>>> partitions, ReadOnlyMemory<byte> like, ITopicDirectory topics)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (var (id, numbers) in partitions)
        {
            if (topics.Find(id) is not { } topic) continue;
            var part = new ConsumerProtocolAssignment.TopicPartition { Topic = topic.Name };
            foreach (var number in numbers) part.Partitions.Add(number);
            assignment.AssignedPartitions.Add(part);
        }

        var reader = new WireReader(like);
        var version = Math.Clamp(like.Length < sizeof(short) ? (short)0 : reader.ReadInt16("version"), ConsumerProtocolAssignment.LowestVersion, ConsumerProtocolAssignment.HighestVersion);
        var bytes = new byte[sizeof(short) + assignment.Size(version)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt16BigEndian(bytes, version);
        var writer = new WireWriter(bytes.AsSpan(sizeof(short)));
        assignment.Write(ref writer, version);
        return bytes;
    }

    public static Assignment ByIds(ConsumerProtocolAssignment assignment, ITopicDirectory topics)
    {
        var byId = new List<KeyValuePair<Uuid, IReadOnlyList<int>>>();
        foreach (var part in assignment.AssignedPartitions)
        {
            if (topics.Find(part.Topic) is { } topic) byId.Add(new(topic.Id, [.. part.Partitions]));
        }

        return Assignors.Assignment.Stored(byId);
    }

    /// <summary>What a member says it has, as one of the new protocol would say it.</summary>
    public static List<ConsumerGroupHeartbeatRequest.Owned> Owned(ConsumerProtocolSubscription subscription, ITopicDirectory topics)
    {
        var owned = new List<ConsumerGroupHeartbeatRequest.Owned>();
        foreach (var part in subscription.OwnedPartitions)
        {
            if (topics.Find(part.Topic) is { } topic) owned.Add(new ConsumerGroupHeartbeatRequest.Owned { TopicId = topic.Id, Partitions = [.. part.Partitions] });
        }

        return owned;
    }
}
