namespace Moldau.Broker.Settings;

/// <summary>What is said of a name that no setting of a broker has.</summary>
internal static class UnknownBrokerSetting
{
    public static string Say(string name) => SettingTables.Topic.Find(name) is { BrokerName: { } broker }
        ? $"{name} is a topic's setting; a broker's, for all topics that have none of their own, is {broker}"
        : $"there is no setting '{name}'{SettingTables.Broker.Meant(name)}";
}
