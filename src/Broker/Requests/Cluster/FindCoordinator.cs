using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>FindCoordinator: on one node this broker is every coordinator; what it keeps its state in is made with the first question. Old librdkafka does not even compress with lz4 where it is not served.</summary>
internal sealed class FindCoordinator(MetadataFollower metadata, Coordinators.Coordinators coordinators, int node, NetworkLog log) : TypedHandler<FindCoordinatorRequest, FindCoordinatorResponse>(log)
{
    private const short FirstWithMany = 4;
    private const sbyte LastKeyType = 2;
    private const int NoNode = -1;
    private const sbyte GroupKey = 0;

    protected override async ValueTask HandleAsync(Exchange exchange, FindCoordinatorRequest request, FindCoordinatorResponse response)
    {
        var record = metadata.Current.Nodes.GetValueOrDefault(node);
        var endpoint = record is null ? null : Topics.Metadata.Endpoint(record.Record, exchange.Connection.Listener.Name);
        var (error, message) = request.KeyType is < 0 or > LastKeyType
            ? (ErrorCode.InvalidRequest, $"a key of type {request.KeyType}; 0 (group), 1 (transactional id) and 2 (share partition) are known")
            : await EnsureAsync(request.KeyType).ConfigureAwait(false) is { Error: not ErrorCode.None } missing ? missing
            : endpoint is null ? (ErrorCode.CoordinatorNotAvailable, "the broker is starting") : (ErrorCode.None, (string?)null);
        if (exchange.Version < FirstWithMany)
        {
            (response.ErrorCode, response.ErrorMessage) = (error, message);
            response.NodeId = error == ErrorCode.None ? node : NoNode;
            response.Host = error == ErrorCode.None ? endpoint!.Host : "";
            response.Port = error == ErrorCode.None ? endpoint!.Port : NoNode;
            return;
        }

        foreach (var key in request.CoordinatorKeys)
        {
            response.Coordinators.Add(new FindCoordinatorResponse.Coordinator
            {
                Key = key,
                ErrorCode = error,
                ErrorMessage = message,
                NodeId = error == ErrorCode.None ? node : NoNode,
                Host = error == ErrorCode.None ? endpoint!.Host : "",
                Port = error == ErrorCode.None ? endpoint!.Port : NoNode,
            });
        }
    }

    /// <summary>Makes the topic in which the coordinator keeps what it knows.</summary>
    private async Task<(ErrorCode Error, string? Message)> EnsureAsync(sbyte keyType)
    {
        if (keyType != GroupKey) return (ErrorCode.None, null);
        try
        {
            return await coordinators.Groups.EnsureAsync().ConfigureAwait(false);
        }
        catch (RequestRefusedException refused)
        {
            return (ErrorCode.CoordinatorNotAvailable, refused.Message);
        }
    }

    protected override void Refuse(FindCoordinatorRequest request, FindCoordinatorResponse response, ErrorCode error, string? message)
    {
        (response.ErrorCode, response.ErrorMessage, response.NodeId, response.Port) = (error, message, NoNode, NoNode);
        foreach (var key in request.CoordinatorKeys)
            response.Coordinators.Add(new FindCoordinatorResponse.Coordinator { Key = key, ErrorCode = error, ErrorMessage = message, NodeId = NoNode, Host = "", Port = NoNode });
    }
}
