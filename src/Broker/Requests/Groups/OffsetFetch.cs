using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
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
    private const short FirstWithError = 2;
    private const short FirstWithMany = 8;
    private const short FirstWithIds = 10;
    private const long NoOffset = -1;

    protected override void Ask(Exchange exchange, OffsetFetchRequest request, ExchangeReply<OffsetFetchResponse> reply)
    {
        var version = exchange.Version;
        if (version < FirstWithMany)
        {
            AskOne(exchange, request, reply);
            return;
        }

        var access = exchange.Access;

        var gathered = new GatheredReply(reply);
        foreach (var asked in request.Groups)
        {
            var told = new OffsetFetchResponse.Group { GroupId = asked.GroupId };
            reply.Response.Groups.Add(told);
            if (!access.Allows(AclOperation.Describe, AclResource.Group, asked.GroupId))
            {
                told.ErrorCode = ErrorCode.GroupAuthorizationFailed;
                continue;
            }

            var (asksAll, hidden) = (asked.Topics is null, new OffsetFetchRefusals());
            if (version >= FirstWithIds) hidden.NameTopics(metadata.Current, asked);
            hidden.TakeForbidden(access, asked);
            var part = gathered.Part((error, _) => Fail(told, error));
            groups.Run(asked.GroupId, part, (machine, outcome) =>
            {
                machine.Offsets.Fetch(asked, request.RequireStable, told);
                if (asksAll) OffsetFetchRefusals.Shorten(access, told);
                if (version >= FirstWithIds && asksAll) GiveIds(metadata.Current, told);
                hidden.Tell(told);
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
    private void AskOne(Exchange exchange, OffsetFetchRequest request, ExchangeReply<OffsetFetchResponse> reply)
    {
        var access = exchange.Access;
        if (!access.Allows(AclOperation.Describe, AclResource.Group, request.GroupId))
        {
            if (exchange.Version < FirstWithError) throw Access.Refused(AclOperation.Describe, AclResource.Group, request.GroupId);
            reply.Response.ErrorCode = ErrorCode.GroupAuthorizationFailed;
            reply.Send();
            return;
        }

        var asked = new OffsetFetchRequest.Group { GroupId = request.GroupId, Topics = request.Topics is null ? null : [] };
        foreach (var topic in request.Topics ?? []) asked.Topics!.Add(new OffsetFetchRequest.GroupTopic { Name = topic.Name, PartitionIndexes = topic.PartitionIndexes });
        var (asksAll, hidden, rules) = (asked.Topics is null, new OffsetFetchRefusals(), access);
        hidden.TakeForbidden(access, asked);
        groups.Run(request.GroupId, reply, (machine, outcome) =>
        {
            var told = new OffsetFetchResponse.Group();
            machine.Offsets.Fetch(asked, request.RequireStable, told);
            if (told.ErrorCode != ErrorCode.None)
            {
                outcome.Fail(reply, told.ErrorCode);
                return;
            }

            if (asksAll) OffsetFetchRefusals.Shorten(rules, told);
            hidden.Tell(told);
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

    private static void GiveIds(MetadataImage image, OffsetFetchResponse.Group told)
    {
        if (told.ErrorCode != ErrorCode.None) return;
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
}
