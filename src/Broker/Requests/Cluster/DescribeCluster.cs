using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Cluster;

/// <summary>DescribeCluster: its id, its controller and its nodes.</summary>
internal sealed class DescribeCluster(MetadataFollower metadata, int node, NetworkLog log) : TypedHandler<DescribeClusterRequest, DescribeClusterResponse>(log)
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeClusterRequest request, DescribeClusterResponse response)
    {
        if (request.EndpointType != Brokers)
        {
            response.ClusterId = "";
            response.ErrorCode = request.EndpointType == Controllers ? ErrorCode.MismatchedEndpointType : ErrorCode.UnsupportedEndpointType;
            response.ErrorMessage = request.EndpointType == Controllers
                ? "this is a broker's listener, and no controller has one of its own" : $"an endpoint type of {request.EndpointType}; 1 (brokers) and 2 (controllers) are known";
            return ValueTask.CompletedTask;
        }

        var image = metadata.Current;
        response.ClusterId = image.Cluster?.ClusterId ?? "";
        response.ControllerId = node;
        foreach (var (id, record) in image.Nodes)
        {
            if (Topics.Metadata.Endpoint(record.Record, exchange.Connection.Listener.Name) is { } endpoint)
                response.Brokers.Add(new DescribeClusterResponse.Broker { BrokerId = id, Host = endpoint.Host, Port = endpoint.Port, Rack = record.Record.Rack });
        }

        if (request.IncludeClusterAuthorizedOperations) response.ClusterAuthorizedOperations = exchange.Access.ClusterOperations();
        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeClusterRequest request, DescribeClusterResponse response, ErrorCode error, string? message) =>
        (response.ErrorCode, response.ErrorMessage, response.ClusterId) = (error, message, "");
}
