using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Configs;

/// <summary>ListConfigResources: what there is that can have settings.</summary>
internal sealed class ListConfigResources(MetadataFollower metadata, NetworkLog log) : TypedHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>(log)
{
    private static readonly sbyte[] All = [ConfigTarget.Topic, ConfigTarget.Broker, ConfigTarget.BrokerLogger, ConfigTarget.ClientMetrics, ConfigTarget.Group];

    protected override ValueTask HandleAsync(Exchange exchange, ListConfigResourcesRequest request, ListConfigResourcesResponse response)
    {
        var wanted = new HashSet<sbyte>();
        foreach (var type in request.ResourceTypes) wanted.Add(type);
        // The first version asked for client metrics alone, without saying so.
        if (exchange.Version == 0) wanted.Add(ConfigTarget.ClientMetrics);
        else if (wanted.Count == 0) wanted.UnionWith(All);
        if (!wanted.IsSubsetOf(All))
        {
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            return ValueTask.CompletedTask;
        }

        var image = metadata.Current;
        if (wanted.Contains(ConfigTarget.Topic)) foreach (var topic in image.Topics) Add(response, ConfigTarget.Topic, topic.Name);
        foreach (var type in new[] { ConfigTarget.Broker, ConfigTarget.BrokerLogger })
        {
            if (wanted.Contains(type)) foreach (var id in image.Nodes.Keys) Add(response, type, ConfigResource.Node(id).Name);
        }

        foreach (var resource in image.Configs.Keys)
        {
            if (resource.Scope == ConfigScope.Group && wanted.Contains(ConfigTarget.Group)) Add(response, ConfigTarget.Group, resource.Name);
            if (resource.Scope == ConfigScope.ClientMetrics && wanted.Contains(ConfigTarget.ClientMetrics)) Add(response, ConfigTarget.ClientMetrics, resource.Name);
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(ListConfigResourcesRequest request, ListConfigResourcesResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static void Add(ListConfigResourcesResponse response, sbyte type, string name) =>
        response.ConfigResources.Add(new ListConfigResourcesResponse.Resource { ResourceType = type, ResourceName = name });
}
