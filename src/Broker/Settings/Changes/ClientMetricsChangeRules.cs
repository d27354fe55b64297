using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings.Changes;

internal sealed class ClientMetricsChangeRules : ResourceRules
{
    private const int LeastInterval = 100;
    private const int MostInterval = 3_600_000;

    public static ClientMetricsChangeRules Instance { get; } = new();

    public override bool HasLists => false;

    public override SettingRefusal? CheckName(ConfigResource resource) =>
        resource.Name.Length == 0 ? SettingRefusal.Request("a subscription to the metrics of clients needs a name") : null;

    public override SettingRefusal? CheckSetting(ConfigResource resource, string name) =>
        Find(name) is null ? SettingRefusal.Request($"subscriptions to the metrics of clients have no setting '{name}'{SettingTables.ClientMetrics.Meant(name)}") : null;

    public override SettingDeclaration? Find(string name) => SettingTables.ClientMetrics.Find(name);

    public override SettingRefusal? CheckTogether(
        ConfigResource resource, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, SettingLayers layers)
    {
        if (after.TryGetValue("interval.ms", out var interval) && (int)SettingParser.Parse(SettingTables.ClientMetrics["interval.ms"], interval) is < LeastInterval or > MostInterval)
            return SettingRefusal.Request($"'{interval}' is not possible for interval.ms: it must be from {LeastInterval} to {MostInterval}");
        return ClientMetricsSettings.MatchFault(after) is { } fault ? SettingRefusal.Config(fault) : null;
    }
}
