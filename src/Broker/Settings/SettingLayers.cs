using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Settings;

/// <summary>
/// What has been set for one broker, by whom: while running for this node, while running for all, at the start. What
/// comes first counts; where nobody says anything the table's default does.
/// </summary>
/// <param name="Node">Set while running, for this node.</param>
/// <param name="AllNodes">Set while running, for all nodes.</param>
/// <param name="Start">What the start found.</param>
public sealed record SettingLayers(
    IReadOnlyDictionary<string, string> Node, IReadOnlyDictionary<string, string> AllNodes, IReadOnlyDictionary<string, string> Start)
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static SettingLayers Empty { get; } = new(Nothing, Nothing, Nothing);

    public static SettingLayers Of(MetadataImage image, int node, IReadOnlyDictionary<string, string> start)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new SettingLayers(Values(image, ConfigResource.Node(node)), Values(image, ConfigResource.AllNodes), start);
    }

    /// <summary>What was set for a resource while running.</summary>
    public static IReadOnlyDictionary<string, string> Values(MetadataImage image, ConfigResource resource)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Configs.TryGetValue(resource, out var stored) ? stored.Record.Values : Nothing;
    }

    /// <summary>The value that counts of a broker's setting, its default included; null where there is none.</summary>
    internal object? Find(string name)
    {
        var setting = ListenerSetting.Declaration(name) ?? SettingTables.Broker[name];
        return FindSet(setting) ?? (setting.Default is null ? null : SettingParser.Parse(setting, setting.Default));
    }

    /// <summary>The value that somebody has given to a broker's or a listener's setting; null where nobody has, or where there is no such setting.</summary>
    internal object? FindSet(string name) => ListenerSetting.Declaration(name) is { } setting ? FindSet(setting) : null;

    private object? FindSet(SettingDeclaration setting) => Find(Node, setting) ?? Find(AllNodes, setting) ?? Find(Start, setting);

    /// <summary>Of the setting or whichever of its synonyms has a value, in milliseconds.</summary>
    internal long FindMilliseconds(string name)
    {
        foreach (var synonym in SettingSynonyms.Of(name))
        {
            if (Find(synonym) is { } value) return Convert.ToInt64(value, null) is var number && number < 0 ? -1 : number * SettingSynonyms.Milliseconds(synonym);
        }

        throw new ArgumentException($"neither {name} nor what stands in for it has a default", nameof(name));
    }

    /// <summary>
    /// A value that another build stored and that this one cannot read does not count: a broker that did not start for it
    /// could not be asked to change it.
    /// </summary>
    private static object? Find(IReadOnlyDictionary<string, string> layer, SettingDeclaration setting) =>
        layer.TryGetValue(setting.Name, out var text) && SettingParser.Parse(setting, text, out var value) is null ? value : null;
}
