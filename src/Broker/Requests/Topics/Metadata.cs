using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Topics;

/// <summary>Metadata: who the brokers are, and who leads what. It may create the topics it is asked for, and waits until they have a leader.</summary>
internal sealed class Metadata(MetadataFollower metadata, HostedTopics topics, TopicCreator creator, ClientQuotas quotas, int node, NetworkLog log)
    : TypedHandler<MetadataRequest, MetadataResponse>(log)
{
    private const short FirstWithNull = 1;
    private const short FirstWithCreationSwitch = 4;
    private const short FirstWithIds = 12;
    private const int NoLeader = -1;

    protected override async ValueTask HandleAsync(Exchange exchange, MetadataRequest request, MetadataResponse response)
    {
        RefuseIdsBefore(exchange.Version, request);
        var asksAll = request.Topics is null || (request.Topics.Count == 0 && exchange.Version < FirstWithNull);
        var mayCreate = exchange.Version < FirstWithCreationSwitch || request.AllowAutoTopicCreation;
        var access = exchange.Access;
        Dictionary<string, ErrorCode>? refused = null;
        if (!asksAll && mayCreate) refused = await CreateMissingAsync(exchange, request, access).ConfigureAwait(false);

        var image = metadata.Current;
        FillCluster(exchange, response, image);
        if (asksAll)
        {
            foreach (var topic in image.Topics)
            {
                if (access.Allows(AclOperation.Describe, AclResource.Topic, topic.Name, isTold: false)) response.Topics.Add(Describe(topic));
            }

            AddOperations(access, request, response);
            return;
        }

        var seen = new HashSet<(string?, Uuid)>();
        foreach (var asked in request.Topics!)
        {
            if (seen.Add((asked.Name, asked.TopicId))) response.Topics.Add(Answer(image, asked, access, refused));
        }

        AddOperations(access, request, response);
    }

    private static void AddOperations(in Access access, MetadataRequest request, MetadataResponse response)
    {
        if (request.IncludeClusterAuthorizedOperations) response.ClusterAuthorizedOperations = access.ClusterOperations();
        if (!request.IncludeTopicAuthorizedOperations) return;
        foreach (var topic in response.Topics)
        {
            if (topic.ErrorCode != ErrorCode.TopicAuthorizationFailed && topic.Name is { } name) topic.TopicAuthorizedOperations = access.Operations(AclResource.Topic, name);
        }
    }

    /// <summary>Two versions have room for an id in place of a name, and no meaning for it.</summary>
    private static void RefuseIdsBefore(short version, MetadataRequest request)
    {
        if (version >= FirstWithIds || request.Topics is null) return;
        foreach (var asked in request.Topics)
        {
            if (asked.Name is null || !asked.TopicId.IsZero)
                throw new RequestRefusedException(ErrorCode.InvalidRequest, $"a topic by its id in version {version} of Metadata; it came with version {FirstWithIds}");
        }
    }

    protected override void Refuse(MetadataRequest request, MetadataResponse response, ErrorCode error, string? message)
    {
        response.ErrorCode = error;
        foreach (var asked in request.Topics ?? [])
            response.Topics.Add(new MetadataResponse.Topic { ErrorCode = error, Name = asked.Name ?? "", TopicId = asked.TopicId });
    }

    private void FillCluster(Exchange exchange, MetadataResponse response, MetadataImage image)
    {
        response.ClusterId = image.Cluster?.ClusterId;
        response.ControllerId = node;
        foreach (var (id, record) in image.Nodes)
        {
            if (Endpoint(record.Record, exchange.Connection.Listener.Name) is { } endpoint)
                response.Brokers.Add(new MetadataResponse.Broker { NodeId = id, Host = endpoint.Host, Port = endpoint.Port, Rack = record.Record.Rack });
        }
    }

    internal static NodeEndpoint? Endpoint(NodeRecord record, string listener)
    {
        foreach (var endpoint in record.Endpoints)
        {
            if (endpoint.Name == listener) return endpoint;
        }

        return null;
    }

    private async ValueTask<Dictionary<string, ErrorCode>?> CreateMissingAsync(Exchange exchange, MetadataRequest request, Access access)
    {
        if (!creator.CreatesMissing) return null;
        MutationAllowance? allowance = null;
        Dictionary<string, ErrorCode>? refused = null;
        for (var i = 0; i < request.Topics!.Count; i++)
        {
            var asked = request.Topics[i];
            if (asked.Name is not { Length: > 0 } name || !asked.TopicId.IsZero || topics.Find(name) is not null) continue;
            if (!access.Allows(AclOperation.Describe, AclResource.Topic, name, isTold: false)) continue;
            if (!access.AllowsCluster(AclOperation.Create, isTold: false) && !access.Allows(AclOperation.Create, AclResource.Topic, name))
            {
                (refused ??= [])[name] = ErrorCode.TopicAuthorizationFailed;
                continue;
            }

            var error = await creator.CreateMissingAsync(name, allowance ??= quotas.Mutations(exchange, strictSince: 0)).ConfigureAwait(false);
            if (error != ErrorCode.None) (refused ??= [])[name] = error;
            else exchange.Changed("created by asking for it", "topic", name);
        }

        exchange.MuteMilliseconds = allowance?.WaitMilliseconds ?? 0;
        return refused;
    }

    private MetadataResponse.Topic Answer(MetadataImage image, MetadataRequest.Topic asked, in Access access, Dictionary<string, ErrorCode>? refused)
    {
        var isById = !asked.TopicId.IsZero;
        var found = isById ? image.FindTopic(asked.TopicId) : image.FindTopic(asked.Name ?? "");
        var isHidden = (isById ? found?.Name : asked.Name) is { } described && !access.Allows(AclOperation.Describe, AclResource.Topic, described);
        if (found is { } topic && !isHidden) return Describe(topic);
        if (isById) return new MetadataResponse.Topic { ErrorCode = isHidden ? ErrorCode.TopicAuthorizationFailed : ErrorCode.UnknownTopicId, Name = null, TopicId = asked.TopicId };
        var name = asked.Name ?? "";
        if (isHidden || refused?.GetValueOrDefault(name) == ErrorCode.TopicAuthorizationFailed)
            return new MetadataResponse.Topic { ErrorCode = ErrorCode.TopicAuthorizationFailed, Name = name };
        var error = !TopicName.IsLegal(name) ? ErrorCode.InvalidTopicException
            : refused is not null && refused.TryGetValue(name, out var reason) ? reason : ErrorCode.UnknownTopicOrPartition;
        return new MetadataResponse.Topic { ErrorCode = error, Name = name };
    }

    private MetadataResponse.Topic Describe(in TopicImage topic)
    {
        var described = new MetadataResponse.Topic { Name = topic.Name, TopicId = topic.Id, IsInternal = TopicName.IsInternal(topic.Name) };
        var hosted = topics.Find(topic.Id);
        for (var number = 0; number < topic.PartitionCount; number++)
        {
            if (topic.Partition(number) is not { } state) continue;
            var record = state.Record;
            var isOffline = hosted?.Find(number) is { Log: null };
            var partition = new MetadataResponse.Partition
            {
                PartitionIndex = number,
                LeaderId = isOffline ? NoLeader : record.Leader,
                LeaderEpoch = record.LeaderEpoch,
                ErrorCode = isOffline || record.Leader == NoLeader ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
            };
            foreach (var replica in record.Replicas) partition.ReplicaNodes.Add(replica);
            foreach (var replica in record.Isr) partition.IsrNodes.Add(replica);
            if (isOffline) partition.OfflineReplicas.Add(node);
            described.Partitions.Add(partition);
        }

        return described;
    }
}
