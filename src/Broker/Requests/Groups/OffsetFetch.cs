using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>OffsetFetch: how far groups have read; several groups at once, which may lie in several shards.</summary>
internal sealed class OffsetFetch(CoordinatorTopic<GroupMachine> groups, MetadataFollower metadata, NetworkLog log)
    : CoordinatorHandler<OffsetFetchRequest, OffsetFetchResponse>(log)
{
    private const short FirstWithMany = 8;
    private const short FirstWithIds = 10;
    private const long NoOffset = -1;

    protected override void Ask(Exchange exchange, OffsetFetchRequest request, ExchangeReply<OffsetFetchResponse> reply)
    {
        var version = exchange.Version;
        if (version < FirstWithMany)
        {
            AskOne(request, reply);
            return;
        }

        var gathered = new GatheredReply(reply);
        foreach (var asked in request.Groups)
        {
            var told = new OffsetFetchResponse.Group { GroupId = asked.GroupId };
            reply.Response.Groups.Add(told);
            var unknown = version >= FirstWithIds ? NameTopics(metadata.Current, asked) : [];
            var part = gathered.Part((error, _) => Fail(told, error));
            groups.Run(asked.GroupId, part, (machine, outcome) =>
            {
                machine.Offsets.Fetch(asked, request.RequireStable, told);
                if (version >= FirstWithIds) GiveIds(metadata.Current, asked, told, unknown);
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(OffsetFetchRequest request, OffsetFetchResponse response, ErrorCode error, string? message)
    {
        response.ErrorCode = error;
        foreach (var asked in request.Groups) response.Groups.Add(new OffsetFetchResponse.Group { GroupId = asked.GroupId, ErrorCode = error });
        foreach (var asked in request.Topics ?? [])
        {
            var topic = new OffsetFetchResponse.Topic { Name = asked.Name };
            response.Topics.Add(topic);
            foreach (var number in asked.PartitionIndexes)
                topic.Partitions.Add(new OffsetFetchResponse.Partition { PartitionIndex = number, CommittedOffset = NoOffset, CommittedLeaderEpoch = -1, Metadata = "", ErrorCode = error });
        }
    }

    /// <summary>As versions before 8 ask: the same for one group, told in another form.</summary>
    private void AskOne(OffsetFetchRequest request, ExchangeReply<OffsetFetchResponse> reply)
    {
        var asked = new OffsetFetchRequest.Group { GroupId = request.GroupId, Topics = request.Topics is null ? null : [] };
        foreach (var topic in request.Topics ?? []) asked.Topics!.Add(new OffsetFetchRequest.GroupTopic { Name = topic.Name, PartitionIndexes = topic.PartitionIndexes });
        groups.Run(request.GroupId, reply, (machine, outcome) =>
        {
            var told = new OffsetFetchResponse.Group();
            machine.Offsets.Fetch(asked, request.RequireStable, told);
            if (told.ErrorCode != ErrorCode.None)
            {
                outcome.Fail(reply, told.ErrorCode);
                return;
            }

            foreach (var topic in told.Topics) reply.Response.Topics.Add(Old(topic));
            outcome.Send(reply);
        });
    }

    private static OffsetFetchResponse.Topic Old(OffsetFetchResponse.GroupTopic topic)
    {
        var old = new OffsetFetchResponse.Topic { Name = topic.Name };
        foreach (var part in topic.Partitions)
        {
            old.Partitions.Add(new OffsetFetchResponse.Partition
            {
                PartitionIndex = part.PartitionIndex, CommittedOffset = part.CommittedOffset, CommittedLeaderEpoch = part.CommittedLeaderEpoch,
                Metadata = part.Metadata, ErrorCode = part.ErrorCode,
            });
        }

        return old;
    }

    private static void Fail(OffsetFetchResponse.Group told, ErrorCode error)
    {
        told.Topics.Clear();
        told.ErrorCode = error;
    }

    /// <summary>Topics are known by name to groups. Those that no id leads to are taken out of the request.</summary>
    private static List<OffsetFetchRequest.GroupTopic> NameTopics(MetadataImage image, OffsetFetchRequest.Group asked)
    {
        var unknown = new List<OffsetFetchRequest.GroupTopic>();
        if (asked.Topics is null) return unknown;
        var known = new WireList<OffsetFetchRequest.GroupTopic>();
        foreach (var topic in asked.Topics)
        {
            if (image.FindTopic(topic.TopicId) is not { } found)
            {
                unknown.Add(topic);
                continue;
            }

            topic.Name = found.Name;
            known.Add(topic);
        }

        asked.Topics = known;
        return unknown;
    }

    private static void GiveIds(MetadataImage image, OffsetFetchRequest.Group asked, OffsetFetchResponse.Group told, List<OffsetFetchRequest.GroupTopic> unknown)
    {
        if (told.ErrorCode != ErrorCode.None) return;
        if (asked.Topics is null)
        {
            var named = told.Topics.ToList();
            told.Topics.Clear();
            foreach (var topic in named)
            {
                // The answer has no name for one that was deleted since.
                if (image.FindTopic(topic.Name) is not { } found) continue;
                topic.TopicId = found.Id;
                told.Topics.Add(topic);
            }
        }

        foreach (var topic in unknown)
        {
            var refused = new OffsetFetchResponse.GroupTopic { TopicId = topic.TopicId };
            told.Topics.Add(refused);
            foreach (var number in topic.PartitionIndexes)
            {
                refused.Partitions.Add(new OffsetFetchResponse.GroupPartition
                {
                    PartitionIndex = number, CommittedOffset = NoOffset, CommittedLeaderEpoch = -1, Metadata = "", ErrorCode = ErrorCode.UnknownTopicId,
                });
            }
        }
    }
}
