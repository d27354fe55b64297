using Moldau.Broker.Settings.Tables;

namespace Moldau.Broker.Settings;

/// <summary>Every setting there is.</summary>
public static class SettingTables
{
    /// <summary>A broker's: those it reads, and those of Kafka's that mean nothing here.</summary>
    public static SettingTable Broker { get; } = new([.. BrokerRows.All, .. BrokerRowsWithoutEffect.All]);

    public static SettingTable Topic { get; } = new(TopicRows.All);

    public static SettingTable Group { get; } = new(GroupRows.All);

    public static SettingTable ClientMetrics { get; } = new(ClientMetricsRows.All);
}
