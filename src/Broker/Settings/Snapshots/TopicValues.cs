namespace Moldau.Broker.Settings.Snapshots;

/// <summary>The value that counts of a topic's setting: its own, else that of the broker's setting that stands for it.</summary>
internal static class TopicValues
{
    private const string TestSegmentBytes = "internal.segment.bytes";

    public static object? Find(SettingLayers layers, IReadOnlyDictionary<string, string> own, string name)
    {
        var setting = SettingTables.Topic[name];
        if (own.TryGetValue(name, out var text) && SettingParser.Parse(setting, text, out var value) is null) return value;
        if (setting.BrokerName is not { } broker) return setting.Default is null ? null : SettingParser.Parse(setting, setting.Default);
        return SettingSynonyms.Of(broker).Length > 1 ? layers.FindMilliseconds(broker) : layers.Find(broker);
    }

    /// <summary>Tests want segments smaller than a topic may have.</summary>
    public static int SegmentBytes(SettingValues values) => values.OptionalInt(TestSegmentBytes) ?? values.Int("segment.bytes");
}
