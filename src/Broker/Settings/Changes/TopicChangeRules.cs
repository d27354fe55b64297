using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings.Changes;

internal sealed class TopicChangeRules : ResourceRules
{
    public static TopicChangeRules Instance { get; } = new();

    public override SettingRefusal? CheckName(ConfigResource resource) =>
        resource.Name.Length == 0 ? SettingRefusal.Request("all topics together have no settings: set the broker's, such as log.retention.ms for retention.ms") : null;

    public override SettingRefusal? CheckSetting(ConfigResource resource, string name) =>
        Find(name) is null ? SettingRefusal.Config($"topics have no setting '{name}'{Meant(name)}") : null;

    public override SettingDeclaration? Find(string name) => SettingTables.Topic.Find(name);

    public override SettingRefusal? CheckTogether(
        ConfigResource resource, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, SettingLayers layers)
    {
        var values = new SettingValues(name => TopicValues.Find(layers, after, name));
        var (least, most) = (values.Long("min.compaction.lag.ms"), values.Long("max.compaction.lag.ms"));
        if (least > most) return SettingRefusal.Config($"min.compaction.lag.ms is {least} and max.compaction.lag.ms is {most}: the first must not be above the second");
        return values.Truth("remote.storage.enable")
            ? SettingRefusal.Config("'true' is not possible for remote.storage.enable: this broker keeps all segments on its own disk") : null;
    }

    private static string Meant(string name)
    {
        var own = SettingTables.Topic.All.FirstOrDefault(setting => setting.BrokerName == name || (setting.BrokerName is { } broker && SettingSynonyms.Of(broker).Contains(name)));
        return own is null ? SettingTables.Topic.Meant(name) : $"; the topic's setting for it is {own.Name}";
    }
}
