using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Requests.Topics;
using Moldau.Broker.Settings;
using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>StreamsGroupHeartbeat: a thread of a streams application joins a group of KIP-1071, stays in it, and learns which tasks to run.</summary>
internal sealed class StreamsGroupHeartbeat(
    CoordinatorTopic<GroupMachine> groups, InternalTopics internals, MetadataFollower metadata, LiveSettings settings, ClientQuotas quotas, NetworkLog log)
    : CoordinatorHandler<StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse>(log)
{
    private const int MostNamed = 3;

    protected override void Ask(Exchange exchange, StreamsGroupHeartbeatRequest request, ExchangeReply<StreamsGroupHeartbeatResponse> reply)
    {
        var (client, access, allowance) = (Client.Of(exchange), exchange.Access, quotas.Mutations(exchange, strictSince: 0));
        access.Require(AclOperation.Read, AclResource.Group, request.GroupId);
        if (request.Topology is { } topology) CheckTopics(topology, access);
        var (audit, principal, address) = (exchange.Row.Audit, exchange.Principal, exchange.Connection.Address);
        void Created(string topic) => audit?.Changed(principal, address, "created for a streams group", "topic", topic);
        groups.Run(request.GroupId, reply, (machine, outcome) => machine.Streams.Heartbeat(request, client, reply, (topics, response, _) => Create(topics, response, outcome), outcome));

        void Create(IReadOnlyList<InternalTopic> topics, StreamsGroupHeartbeatResponse response, Outcome outcome)
        {
            var forbidden = access.AllowsCluster(AclOperation.Create, isTold: false) ? [] : topics.Where(topic => !access.Allows(AclOperation.Create, AclResource.Topic, topic.Name)).Select(static topic => topic.Name).ToArray();
            if (forbidden.Length > 0)
            {
                Add(response, $"Unauthorized to CREATE on topics {string.Join(", ", forbidden)}.");
                return;
            }

            // As long as two heartbeats take.
            var memory = TimeSpan.FromMilliseconds(2 * HeartbeatInterval(request.GroupId));
            outcome.Send(new InternalTopicOrder(() => internals.Create(topics, memory, allowance, Created)));
            var failures = topics.Select(topic => (topic.Name, Reason: internals.FailureOf(topic.Name))).Where(static failure => failure.Reason is not null).Select(static failure => $"{failure.Name} ({failure.Reason})").ToArray();
            if (failures.Length == 0) return;
            var more = failures.Length > MostNamed ? $" and {failures.Length - MostNamed} more" : "";
            Add(response, $"Creation failed: {string.Join(", ", failures.Take(MostNamed))}{more}.");
        }
    }

    protected override void Refuse(StreamsGroupHeartbeatRequest request, StreamsGroupHeartbeatResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);

    private long HeartbeatInterval(string group) => settings.Current.Group(SettingLayers.Values(metadata.Current, ConfigResource.Group(group))).StreamsHeartbeatInterval;

    private static void CheckTopics(StreamsGroupHeartbeatRequest.TopologySpec topology, in Access access)
    {
        var names = topology.Subtopologies
            .SelectMany(static part => part.SourceTopics.Concat(part.RepartitionSinkTopics).Concat(part.RepartitionSourceTopics.Concat(part.StateChangelogTopics).Select(static topic => topic.Name)))
            .Distinct(StringComparer.Ordinal).ToArray();
        if (names.Where(TopicName.IsInternal).ToArray() is { Length: > 0 } internals)
            throw new RequestRefusedException(ErrorCode.StreamsInvalidTopology, $"Use of Kafka internal topics {string.Join(',', internals)} in a Kafka Streams topology is prohibited.");
        if (names.Where(static name => !TopicName.IsLegal(name)).ToArray() is { Length: > 0 } illegal)
            throw new RequestRefusedException(ErrorCode.StreamsInvalidTopology, $"Topic names {string.Join(',', illegal)} are not valid topic names.");
        foreach (var name in names) access.Require(AclOperation.Describe, AclResource.Topic, name);
    }

    private static void Add(StreamsGroupHeartbeatResponse response, string detail)
    {
        foreach (var status in response.Status ?? [])
        {
            if (status.StatusCode == (sbyte)StreamsStatus.MissingInternalTopics) status.StatusDetail += "; " + detail;
        }
    }
}
