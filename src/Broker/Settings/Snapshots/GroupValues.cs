namespace Moldau.Broker.Settings.Snapshots;

/// <summary>The value that counts of a group's setting.</summary>
internal static class GroupValues
{
    public static object? Find(SettingLayers layers, IReadOnlyDictionary<string, string> own, string name)
    {
        var setting = SettingTables.Group[name];
        if (own.TryGetValue(name, out var text) && SettingParser.Parse(setting, text, out var value) is null)
            return value is int number ? Between(layers, name, number) : value;
        return setting.BrokerName is { } broker ? layers.Find(broker) : SettingParser.Parse(setting, setting.Default!);
    }

    /// <summary>The broker's bounds may have become narrower since the group's value was set.</summary>
    private static int Between(SettingLayers layers, string name, int number)
    {
        if (GroupBounds.Least(name) is { } least && number < (int)layers.Find(least)!) return (int)layers.Find(least)!;
        return GroupBounds.Most(name) is { } most && number > (int)layers.Find(most)! ? (int)layers.Find(most)! : number;
    }
}
