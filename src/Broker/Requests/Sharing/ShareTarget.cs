using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions;
using Moldau.Broker.Sharing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Sharing;

/// <summary>A partition that a request names, or why there is none.</summary>
internal readonly record struct ShareTarget(Partition? Partition, ShareFault? Fault)
{
    public static ShareTarget Of(HostedTopics topics, Access access, Uuid topicId, int number)
    {
        if (topics.Find(topicId) is not { } topic) return new(null, new ShareFault(ErrorCode.UnknownTopicId, "no topic has the id"));
        if (!access.Allows(AclOperation.Read, AclResource.Topic, topic.Name)) return new(null, new ShareFault(ErrorCode.TopicAuthorizationFailed, $"no rule allows Read on Topic '{topic.Name}'"));
        return topic.Find(number) is { } partition ? new(partition, null) : new(null, new ShareFault(ErrorCode.UnknownTopicOrPartition, $"{topic.Name} has no partition {number}"));
    }
}
