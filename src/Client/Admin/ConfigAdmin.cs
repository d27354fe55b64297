using System.Globalization;
using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Settings of topics, brokers, groups, loggers and subscriptions to clients' metrics.</summary>
public sealed class ConfigAdmin
{
    private readonly ClientCore _core;

    internal ConfigAdmin(ClientCore core) => _core = core;

    /// <summary>The resources that have settings of their own.</summary>
    /// <param name="types">Of which types; none for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<ConfigResource>> ListAsync(IReadOnlyCollection<ConfigResourceType> types, CancellationToken cancellation = default)
    {
        var request = new ListConfigResourcesRequest();
        foreach (var type in types) request.ResourceTypes.Add((sbyte)type);
        var response = await _core.Router.AskAsync<ListConfigResourcesResponse>(
            Destination.Any, ApiKey.ListConfigResources, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var resources = new List<ConfigResource>();
        foreach (var resource in response.ConfigResources) resources.Add(new((ConfigResourceType)resource.ResourceType, resource.ResourceName));
        resources.Sort(static (one, other) => one.Type != other.Type ? one.Type.CompareTo(other.Type) : string.CompareOrdinal(one.Name, other.Name));
        return resources;
    }

    /// <summary>All settings of a resource, in the order of their names.</summary>
    /// <exception cref="KafkaException">It was refused.</exception>
    public async Task<IReadOnlyList<ConfigValue>> DescribeAsync(ConfigResource resource, bool withDocumentation = false, CancellationToken cancellation = default)
    {
        var request = new DescribeConfigsRequest
        {
            IncludeDocumentation = withDocumentation,
            Resources = [new DescribeConfigsRequest.Resource { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, ConfigurationKeys = null }],
        };
        var response = await _core.Router.AskAsync<DescribeConfigsResponse>(
            For(resource), ApiKey.DescribeConfigs, request, static answer => (answer.Results[0].ErrorCode, answer.Results[0].ErrorMessage), cancellation).ConfigureAwait(false);
        var values = new List<ConfigValue>();
        foreach (var config in response.Results[0].Configs)
            values.Add(new ConfigValue(config.Name, config.Value, (ConfigSource)config.ConfigSource, config.ReadOnly, config.IsSensitive, config.Documentation));
        values.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return values;
    }

    /// <summary>Changes settings of one resource and leaves its others alone: all of the changes or none.</summary>
    /// <exception cref="KafkaException">It was refused.</exception>
    public Task AlterAsync(ConfigResource resource, IReadOnlyCollection<ConfigChange> changes, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var asked = new IncrementalAlterConfigsRequest.Resource { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name };
        foreach (var change in changes)
            asked.Configs.Add(new IncrementalAlterConfigsRequest.Config { Name = change.Name, ConfigOperation = (sbyte)change.Operation, Value = change.Value });
        return _core.Router.AskAsync<IncrementalAlterConfigsResponse>(
            For(resource), ApiKey.IncrementalAlterConfigs, new IncrementalAlterConfigsRequest { Resources = [asked], ValidateOnly = validateOnly },
            static answer => (answer.Responses[0].ErrorCode, answer.Responses[0].ErrorMessage), cancellation);
    }

    /// <summary>What is one broker's own is known to that broker alone.</summary>
    /// <exception cref="ArgumentException">A broker's name is no id.</exception>
    private static Destination For(ConfigResource resource)
    {
        if (resource.Type is not (ConfigResourceType.Broker or ConfigResourceType.BrokerLogger) || resource.Name.Length == 0) return Destination.Any;
        return int.TryParse(resource.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? Destination.Node(id)
            : throw new ArgumentException($"'{resource.Name}' is no broker's id; it takes a number");
    }
}
