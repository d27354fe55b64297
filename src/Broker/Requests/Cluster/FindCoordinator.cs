using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>FindCoordinator: on one node this broker is every coordinator; what it keeps its state in is made with the first question. Old librdkafka does not even compress with lz4 where it is not served.</summary>
internal sealed class FindCoordinator(MetadataFollower metadata, Coordinators.Coordinators coordinators, int node, NetworkLog log) : TypedHandler<FindCoordinatorRequest, FindCoordinatorResponse>(log)
{
    private const short FirstWithMany = 4;
    private const short FirstWithSharePartitions = 6;
    private const sbyte SharePartitionKeyType = 2;
    private const int NoNode = -1;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    protected override async ValueTask HandleAsync(Exchange exchange, FindCoordinatorRequest request, FindCoordinatorResponse response)
    {
        var record = metadata.Current.Nodes.GetValueOrDefault(node);
        var endpoint = record is null ? null : Topics.Metadata.Endpoint(record.Record, exchange.Connection.Listener.Name);
        var (error, message) = request.KeyType is < 0 or > SharePartitionKeyType
            ? (ErrorCode.InvalidRequest, $"a key of type {request.KeyType}; 0 (group), 1 (transactional id) and 2 (share partition) are known")
            : await EnsureAsync(request, exchange.Version).ConfigureAwait(false) is { Error: not ErrorCode.None } missing ? missing
            : endpoint is null ? (ErrorCode.CoordinatorNotAvailable, "the broker is starting") : (ErrorCode.None, (string?)null);
        var access = exchange.Access;
        if (exchange.Version < FirstWithMany)
        {
            if (Forbidden(access, request.KeyType, request.Key) is { } refused) throw refused;
            (response.ErrorCode, response.ErrorMessage) = (error, message);
            response.NodeId = error == ErrorCode.None ? node : NoNode;
            response.Host = error == ErrorCode.None ? endpoint!.Host : "";
            response.Port = error == ErrorCode.None ? endpoint!.Port : NoNode;
            return;
        }

        foreach (var key in request.CoordinatorKeys)
        {
            if (Forbidden(access, request.KeyType, key) is { } refused)
            {
                response.Coordinators.Add(Unknown(key, refused.Error, refused.Message));
                continue;
            }

            if (error != ErrorCode.None)
            {
                response.Coordinators.Add(Unknown(key, error, message));
                continue;
            }

            if (request.KeyType == SharePartitionKeyType && !SharePartitionKey.TryParse(key, out _))
            {
                response.Coordinators.Add(Unknown(key, ErrorCode.InvalidRequest, $"'{key}' names no share-partition: it is GROUP:TOPIC-ID:PARTITION"));
                continue;
            }

            response.Coordinators.Add(new FindCoordinatorResponse.Coordinator { Key = key, NodeId = node, Host = endpoint!.Host, Port = endpoint.Port });
        }
    }

    private static FindCoordinatorResponse.Coordinator Unknown(string key, ErrorCode error, string? message) =>
        new() { Key = key, ErrorCode = error, ErrorMessage = message, NodeId = NoNode, Host = "", Port = NoNode };

    private static RequestRefusedException? Forbidden(in Access access, sbyte keyType, string key)
    {
        var (operation, resource, name) = keyType switch
        {
            GroupKey => (AclOperation.Describe, AclResource.Group, key),
            TransactionKey => (AclOperation.Describe, AclResource.TransactionalId, key),
            // Share partitions are looked for by nodes.
            SharePartitionKeyType => (AclOperation.ClusterAction, AclResource.Cluster, Access.Cluster),
            _ => default,
        };
        return name is null || access.Allows(operation, resource, name) ? null : Access.Refused(operation, resource, name);
    }

    /// <summary>Makes the topic in which the coordinator keeps what it knows.</summary>
    private async Task<(ErrorCode Error, string? Message)> EnsureAsync(FindCoordinatorRequest request, short version)
    {
        try
        {
            return request.KeyType switch
            {
                GroupKey => await coordinators.Groups.EnsureAsync().ConfigureAwait(false),
                TransactionKey => await coordinators.Transactions.Topic.EnsureAsync().ConfigureAwait(false),
                _ when version < FirstWithSharePartitions => (ErrorCode.InvalidRequest, $"share-partitions are looked for from version {FirstWithSharePartitions} on"),
                // Nothing is made for keys that are none.
                _ when request.CoordinatorKeys.Any(static key => SharePartitionKey.TryParse(key, out SharePartitionKey _)) => await coordinators.ShareStates.EnsureAsync().ConfigureAwait(false),
                _ => (ErrorCode.None, null),
            };
        }
        catch (RequestRefusedException refused)
        {
            return (ErrorCode.CoordinatorNotAvailable, refused.Message);
        }
    }

    protected override void Refuse(FindCoordinatorRequest request, FindCoordinatorResponse response, ErrorCode error, string? message)
    {
        (response.ErrorCode, response.ErrorMessage, response.NodeId, response.Port) = (error, message, NoNode, NoNode);
        foreach (var key in request.CoordinatorKeys) response.Coordinators.Add(Unknown(key, error, message));
    }
}
