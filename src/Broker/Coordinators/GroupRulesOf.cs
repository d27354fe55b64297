using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Coordinators;

/// <summary>What the settings say to groups of one kind. Most groups have none of their own, and share what was made of the broker's.</summary>
/// <param name="metadata">Has the settings of groups.</param>
/// <param name="settings">Those of the broker.</param>
/// <param name="make">Rules of both.</param>
internal sealed class GroupRulesOf<TRules>(MetadataFollower metadata, LiveSettings settings, Func<BrokerSettings, IReadOnlyDictionary<string, string>, TRules> make)
{
    private static readonly Dictionary<string, string> NothingOwn = [];

    private volatile Tuple<BrokerSettings, TRules>? _common;

    public TRules Of(string group)
    {
        var (current, resource) = (settings.Current, ConfigResource.Group(group));
        if (metadata.Current.Configs.ContainsKey(resource)) return make(current, SettingLayers.Values(metadata.Current, resource));
        if (_common is { } known && known.Item1 == current) return known.Item2;
        var rules = make(current, NothingOwn);
        _common = Tuple.Create(current, rules);
        return rules;
    }
}
