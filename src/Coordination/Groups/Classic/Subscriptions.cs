using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>The topics that members of the protocol type 'consumer' read, as their metadata says.</summary>
internal static class Subscriptions
{
    /// <summary>Null where it cannot be told: members of other types, or metadata of another form.</summary>
    public static IReadOnlySet<string>? Of(ClassicGroup group)
    {
        if (!group.IsConsumers || group.Protocol is null) return null;
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in group.Members)
        {
            if (!TryRead(member.Metadata(group.Protocol), topics)) return null;
        }

        return topics;
    }

    private static bool TryRead(ReadOnlyMemory<byte> metadata, HashSet<string> topics)
    {
        try
        {
            var reader = new WireReader(metadata);
            var version = reader.ReadInt16("version");
            var subscription = new ConsumerProtocolSubscription();
            if (version < ConsumerProtocolSubscription.LowestVersion) return false;
            // Every version begins as the lowest, and there are clients that name a higher one and write no more than that.
            subscription.Read(ref reader, ConsumerProtocolSubscription.LowestVersion);
            foreach (var topic in subscription.Topics) topics.Add(topic);
            return true;
        }
        catch (MalformedMessageException)
        {
            return false;
        }
    }
}
