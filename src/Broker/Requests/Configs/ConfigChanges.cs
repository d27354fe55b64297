using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Partitions;
using Moldau.Broker.Security.Tls;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Changes;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Errors;
using Moldau.Storage.Files;

namespace Moldau.Broker.Requests.Configs;

/// <summary>Changes settings durably, and returns when they count. What both APIs that alter settings have in common.</summary>
internal sealed class ConfigChanges(IMetadataStore store, MetadataFollower metadata, PartitionHosting hosting, LiveSettings settings, ISmallFiles files)
{
    private readonly AlterConfigs _alter = new(store);

    /// <param name="type">The resource's, by the protocol's number.</param>
    /// <param name="name">The resource's.</param>
    /// <param name="validateOnly">Whether nothing is changed.</param>
    /// <param name="change">From what is set to what is to be.</param>
    /// <exception cref="RequestRefusedException">It is not possible.</exception>
    public async Task RunAsync(sbyte type, string name, bool validateOnly, Func<ConfigResource, IReadOnlyDictionary<string, string>, SettingLayers, SettingOutcome> change)
    {
        var image = metadata.Current;
        var resource = ConfigTarget.Of(type, name, image, settings.Node);
        var layers = settings.Layers(image);
        var outcome = change(resource, SettingLayers.Values(image, resource), layers);
        Check(outcome);
        if (resource == ConfigResource.Node(settings.Node)) CheckCertificates(layers, layers with { Node = outcome.Values });
        if (validateOnly) return;

        var revision = await _alter.RunAsync(resource, current =>
        {
            // Another change may have come first: what counts is decided from what is there.
            var decided = change(resource, current, layers);
            Check(decided);
            return decided.Values;
        }).ConfigureAwait(false);
        if (revision is not { } changed) throw new RequestRefusedException(ErrorCode.UnknownTopicOrPartition, $"there is no topic '{name}'");
        await metadata.WaitForAsync(changed).ConfigureAwait(false);
        await hosting.WaitForAsync(changed).ConfigureAwait(false);
    }

    private void CheckCertificates(SettingLayers before, SettingLayers after)
    {
        if (TlsChange.Fault(BrokerSettings.Of(before), BrokerSettings.Of(after), files) is { } fault) throw new RequestRefusedException(ErrorCode.InvalidRequest, fault);
    }

    private static void Check(SettingOutcome outcome)
    {
        if (!outcome.IsPossible) throw new RequestRefusedException(outcome.Error, outcome.Message!);
    }
}
