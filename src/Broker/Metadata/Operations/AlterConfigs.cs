using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>Sets and deletes settings of a resource. A topic's settings live and die with the topic.</summary>
public sealed class AlterConfigs(IMetadataStore store)
{
    private static readonly SortedDictionary<string, string> None = new(StringComparer.Ordinal);

    private readonly AlterRecord _alter = new(store);

    /// <param name="resource">What has the settings.</param>
    /// <param name="alter">All settings it is to have, from those it has; it may be asked more than once.</param>
    /// <returns>The revision as of which it is so; null where there is no such topic.</returns>
    /// <exception cref="OutcomeUnknownException">Whether it was done cannot be found out.</exception>
    /// <exception cref="FactRefusedException">It was not done.</exception>
    public async Task<long?> RunAsync(ConfigResource resource, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> alter)
    {
        var topic = resource.Scope == ConfigScope.Topic ? MetadataKeys.TopicName(resource.Name) : null;
        var result = await _alter.RunAsync<ConfigRecord>(
            MetadataKeys.Config(resource),
            before => alter(before?.Values ?? None) is { Count: > 0 } values ? new ConfigRecord(values) : null,
            topic).ConfigureAwait(false);
        return result.IsOwnerMissing ? null : result.Revision;
    }
}
