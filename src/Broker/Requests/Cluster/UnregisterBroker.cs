using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>UnregisterBroker: a broker that is gone for good leaves the metadata. One that is there cannot.</summary>
internal sealed class UnregisterBroker(IMetadataStore store, MetadataFollower metadata, int node, NetworkLog log)
    : TypedHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>(log)
{
    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, UnregisterBrokerRequest request, UnregisterBrokerResponse response)
    {
        if (request.BrokerId == node) throw new RequestRefusedException(ErrorCode.InvalidRequest, $"broker {node} is the one that answers: stop it first, and ask another");
        if (!metadata.Current.Nodes.ContainsKey(request.BrokerId)) throw new RequestRefusedException(ErrorCode.BrokerIdNotRegistered, $"broker {request.BrokerId} is not registered");
        var altered = await _alter.RunAsync<NodeRecord>(MetadataKeys.Node(request.BrokerId), static _ => null).ConfigureAwait(false);
        await metadata.WaitForAsync(altered.Revision).ConfigureAwait(false);
        exchange.Changed("unregistered", "broker", $"{request.BrokerId}");
    }

    protected override void Refuse(UnregisterBrokerRequest request, UnregisterBrokerResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage) = (error, message);
}
