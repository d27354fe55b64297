using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Settings.Descriptions;

/// <summary>
/// What DescribeConfigs answers. Who asks for names is told of those that there are; null asks for all, of which
/// internal ones are told only where they are set.
/// </summary>
public static class SettingDescriptions
{
    public static IReadOnlyList<SettingDescription> Topic(SettingLayers layers, IReadOnlyDictionary<string, string> own, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(own);
        return [.. Wanted(SettingTables.Topic, own, names).Select(setting => Describe(
            setting, own, SettingSource.Topic, TopicValues.Find(layers, own, setting.Name), setting.BrokerName is { } broker ? SynonymsOf(layers, broker) : []))];
    }

    public static IReadOnlyList<SettingDescription> Group(SettingLayers layers, IReadOnlyDictionary<string, string> own, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(own);
        return [.. Wanted(SettingTables.Group, own, names).Select(setting => Describe(
            setting, own, SettingSource.Group, GroupValues.Find(layers, own, setting.Name),
            setting.BrokerName is { } broker ? SynonymsOf(layers, broker) : [new SettingSynonym(setting.Name, setting.Default, SettingSource.Default)]))];
    }

    public static IReadOnlyList<SettingDescription> ClientMetrics(IReadOnlyDictionary<string, string> own, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(own);
        return [.. Wanted(SettingTables.ClientMetrics, own, names).Select(setting => Describe(
            setting, own, SettingSource.ClientMetrics, SettingParser.Parse(setting, own.TryGetValue(setting.Name, out var text) ? text : setting.Default!), []))];
    }

    /// <summary>The settings that count on a node.</summary>
    public static IReadOnlyList<SettingDescription> Node(SettingLayers layers, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return [.. BrokerNames(names, layers.Node, layers.AllNodes, layers.Start).Select(setting => Describe(setting, layers.Find(setting.Name), SynonymsOf(layers, setting.Name)))];
    }

    /// <summary>Only what has been set for all nodes while running.</summary>
    public static IReadOnlyList<SettingDescription> AllNodes(SettingLayers layers, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var alone = SettingLayers.Empty with { AllNodes = layers.AllNodes };
        return [.. BrokerNames(names, layers.AllNodes).Where(setting => layers.AllNodes.ContainsKey(setting.Name)).Select(setting =>
            Describe(setting, alone.Find(setting.Name), [.. SynonymsOf(alone, setting.Name).Where(static synonym => synonym.Source == SettingSource.AllNodes)]))];
    }

    private static IEnumerable<SettingDeclaration> Wanted(SettingTable table, IReadOnlyDictionary<string, string> own, IReadOnlyCollection<string>? names) =>
        table.All.Where(setting => names is null ? !setting.IsInternal || own.ContainsKey(setting.Name) : names.Contains(setting.Name));

    /// <summary>The table's, and those of listeners that somebody has set.</summary>
    private static IEnumerable<SettingDeclaration> BrokerNames(IReadOnlyCollection<string>? names, params IReadOnlyDictionary<string, string>[] layers)
    {
        var set = layers.SelectMany(static layer => layer.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var setting in SettingTables.Broker.All)
        {
            if (names is null ? !setting.IsInternal || set.Contains(setting.Name) : names.Contains(setting.Name)) yield return setting;
        }

        foreach (var name in set.Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(ListenerSetting.Prefix, StringComparison.Ordinal) && (names is null || names.Contains(name)) && ListenerSetting.Declaration(name) is { } setting)
                yield return setting;
        }
    }

    /// <summary>All values of the setting and of what stands in for it, from the layer that counts most; those before its own first are another's.</summary>
    private static IReadOnlyList<SettingSynonym> SynonymsOf(SettingLayers layers, string name)
    {
        var found = new List<SettingSynonym>();
        var synonyms = SettingSynonyms.Of(name);
        Add(layers.Node, SettingSource.Node);
        Add(layers.AllNodes, SettingSource.AllNodes);
        Add(layers.Start, SettingSource.Start);
        foreach (var synonym in synonyms)
        {
            if (SettingTables.Broker.Find(synonym) is { Default: not null } setting) found.Add(Synonym(setting, setting.Default, SettingSource.Default));
        }

        return [.. found.SkipWhile(synonym => synonym.Name != name)];

        void Add(IReadOnlyDictionary<string, string> layer, SettingSource source)
        {
            foreach (var synonym in synonyms)
            {
                if (layer.TryGetValue(synonym, out var value) && ListenerSetting.Declaration(synonym) is { } setting) found.Add(Synonym(setting, value, source));
            }
        }
    }

    private static SettingSynonym Synonym(SettingDeclaration setting, string value, SettingSource source) =>
        new(setting.Name, setting.IsSensitive ? null : value, source);

    private static SettingDescription Describe(
        SettingDeclaration setting, IReadOnlyDictionary<string, string> own, SettingSource source, object? value, IReadOnlyList<SettingSynonym> others)
    {
        var told = value is null ? null : SettingParser.Print(value);
        IReadOnlyList<SettingSynonym> synonyms = own.ContainsKey(setting.Name) ? [new SettingSynonym(setting.Name, told, source), .. others] : others;
        return new SettingDescription(
            setting.Name, told, synonyms is [var first, ..] ? first.Source : SettingSource.Default, IsReadOnly: false, setting.IsSensitive, setting.Type, setting.Documentation, synonyms);
    }

    private static SettingDescription Describe(SettingDeclaration setting, object? value, IReadOnlyList<SettingSynonym> synonyms)
    {
        var isListeners = setting.Name.StartsWith(ListenerSetting.Prefix, StringComparison.Ordinal);
        return new SettingDescription(
            setting.Name, value is null || setting.IsSensitive ? null : SettingParser.Print(value), synonyms is [var first, ..] ? first.Source : SettingSource.Default,
            isListeners || setting.Change == SettingChange.ReadOnly, setting.IsSensitive, setting.Type, isListeners ? null : setting.Documentation, synonyms);
    }
}
