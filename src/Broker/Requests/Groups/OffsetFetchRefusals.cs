using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>Topics of a group whose offsets nobody tells: unknown ids, and what whoever asks may not know of. They are taken out of the request.</summary>
internal sealed class OffsetFetchRefusals
{
    private const long NoOffset = -1;

    private readonly List<(OffsetFetchRequest.GroupTopic Topic, ErrorCode Error)> _refused = [];

    /// <summary>Topics are known by name to groups.</summary>
    public void NameTopics(MetadataImage image, OffsetFetchRequest.Group asked)
    {
        if (asked.Topics is null) return;
        foreach (var topic in asked.Topics) topic.Name = image.FindTopic(topic.TopicId)?.Name ?? "";
        Take(asked, static topic => topic.Name.Length == 0, ErrorCode.UnknownTopicId);
    }

    public void TakeForbidden(Access access, OffsetFetchRequest.Group asked)
    {
        if (asked.Topics is null || access.IsOpen) return;
        Take(asked, topic => !access.Allows(AclOperation.Describe, AclResource.Topic, topic.Name), ErrorCode.TopicAuthorizationFailed);
    }

    /// <summary>Whoever asks for all gets those that he may know of.</summary>
    public static void Shorten(Access access, OffsetFetchResponse.Group told)
    {
        if (access.IsOpen) return;
        var all = told.Topics.ToList();
        told.Topics.Clear();
        foreach (var topic in all)
        {
            if (access.Allows(AclOperation.Describe, AclResource.Topic, topic.Name, isTold: false)) told.Topics.Add(topic);
        }
    }

    /// <summary>Puts them into the answer, behind the others.</summary>
    public void Tell(OffsetFetchResponse.Group told)
    {
        if (told.ErrorCode != ErrorCode.None) return;
        foreach (var (topic, error) in _refused)
        {
            var refused = new OffsetFetchResponse.GroupTopic { Name = topic.Name, TopicId = topic.TopicId };
            told.Topics.Add(refused);
            foreach (var number in topic.PartitionIndexes)
                refused.Partitions.Add(new OffsetFetchResponse.GroupPartition { PartitionIndex = number, CommittedOffset = NoOffset, CommittedLeaderEpoch = -1, Metadata = "", ErrorCode = error });
        }
    }

    private void Take(OffsetFetchRequest.Group asked, Predicate<OffsetFetchRequest.GroupTopic> isRefused, ErrorCode error)
    {
        var left = new WireList<OffsetFetchRequest.GroupTopic>();
        foreach (var topic in asked.Topics!)
        {
            if (isRefused(topic)) _refused.Add((topic, error));
            else left.Add(topic);
        }

        asked.Topics = left;
    }
}
