using Moldau.Client.Groups.Assignors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>What members of classic groups tell each other in bytes that no coordinator reads: a version, then what that version has.</summary>
internal static class ClassicSubscription
{
    public static byte[] Write(ConsumerProtocolSubscription subscription) => Write(subscription, ConsumerProtocolSubscription.HighestVersion);

    public static byte[] Write(ConsumerProtocolAssignment assignment) => Write(assignment, ConsumerProtocolAssignment.HighestVersion);

    /// <summary>A member as an assignor sees it. One that wrote something else reads nothing.</summary>
    public static AssignorMember Member(JoinGroupResponse.Member member, PartitionAssignor assignor)
    {
        var subscription = Subscription(member.Metadata);
        var (owned, generation) = assignor.OwnedBy(subscription);
        return new AssignorMember(member.MemberId, member.GroupInstanceId, new HashSet<string>(subscription.Topics, StringComparer.Ordinal), owned, generation);
    }

    public static ConsumerProtocolSubscription Subscription(ReadOnlyMemory<byte> bytes)
    {
        // Every version begins as the one before, and there are clients that name a higher one than they write.
        for (var cap = ConsumerProtocolSubscription.HighestVersion; cap >= ConsumerProtocolSubscription.LowestVersion; cap--)
        {
            var subscription = new ConsumerProtocolSubscription();
            if (TryRead(subscription, bytes, cap)) return subscription;
        }

        return new ConsumerProtocolSubscription();
    }

    /// <summary>Nothing where the leader wrote nothing.</summary>
    /// <exception cref="MalformedMessageException">It is no assignment.</exception>
    public static List<TopicPartition> Assigned(ReadOnlyMemory<byte> bytes)
    {
        var assigned = new List<TopicPartition>();
        if (bytes.Length == 0) return assigned;
        var reader = new WireReader(bytes);
        var version = reader.ReadInt16("version");
        var assignment = new ConsumerProtocolAssignment();
        assignment.Read(ref reader, Math.Clamp(version, ConsumerProtocolAssignment.LowestVersion, ConsumerProtocolAssignment.HighestVersion));
        foreach (var topic in assignment.AssignedPartitions)
        {
            foreach (var number in topic.Partitions) assigned.Add(new TopicPartition(topic.Topic, number));
        }

        return assigned;
    }

    private static bool TryRead(ConsumerProtocolSubscription subscription, ReadOnlyMemory<byte> bytes, short cap)
    {
        try
        {
            var reader = new WireReader(bytes);
            var version = reader.ReadInt16("version");
            if (version < cap && cap > ConsumerProtocolSubscription.LowestVersion) return false;
            subscription.Read(ref reader, Math.Min(version, cap));
            return version >= ConsumerProtocolSubscription.LowestVersion;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }

    private static byte[] Write(IMessage message, short version)
    {
        var bytes = new byte[sizeof(short) + message.Size(version)];
        var writer = new WireWriter(bytes);
        writer.WriteInt16(version);
        message.Write(ref writer, version);
        return bytes;
    }
}
