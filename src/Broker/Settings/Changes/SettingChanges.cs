using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Settings.Changes;

/// <summary>
/// What IncrementalAlterConfigs, AlterConfigs and CreateTopics ask for, decided: whether it is possible, and what a
/// resource's record holds then. Nothing is stored here. That a topic exists is the caller's to find out.
/// </summary>
public static class SettingChanges
{
    /// <summary>Changes some settings.</summary>
    /// <param name="resource">Whose.</param>
    /// <param name="current">What is set for it.</param>
    /// <param name="operations">What is done, each with another setting.</param>
    /// <param name="layers">What is set for the broker that decides.</param>
    public static SettingOutcome Alter(
        ConfigResource resource, IReadOnlyDictionary<string, string> current, IReadOnlyList<SettingOperation> operations, SettingLayers layers)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(layers);
        var rules = ResourceRules.Of(resource.Scope);
        var values = new Dictionary<string, string>(current, StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var refusal = rules.CheckName(resource);
        foreach (var operation in operations)
        {
            if (refusal is not null) break;
            refusal = !names.Add(operation.Name) ? SettingRefusal.Request($"{operation.Name} is named twice: name each setting once") : Apply(rules, resource, operation, values);
        }

        return Finish(rules, resource, current, values, layers, refusal);
    }

    /// <summary>Sets these settings and deletes all others.</summary>
    /// <param name="resource">Whose.</param>
    /// <param name="current">What is set for it.</param>
    /// <param name="settings">What is to be set; a null for a value is refused.</param>
    /// <param name="layers">What is set for the broker that decides.</param>
    public static SettingOutcome Replace(
        ConfigResource resource, IReadOnlyDictionary<string, string> current, IReadOnlyList<KeyValuePair<string, string?>> settings, SettingLayers layers)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(layers);
        var rules = ResourceRules.Of(resource.Scope);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var refusal = rules.CheckName(resource);
        foreach (var (name, value) in settings)
        {
            if (refusal is not null) break;
            refusal = !names.Add(name) ? SettingRefusal.Request($"{name} is named twice: name each setting once")
                : Apply(rules, resource, new SettingOperation(name, SettingOperationKind.Set, value), values);
        }

        return Finish(rules, resource, current, values, layers, refusal);
    }

    /// <summary>The settings a new topic is to have.</summary>
    public static SettingOutcome ForNewTopic(string name, IReadOnlyList<KeyValuePair<string, string?>> settings, SettingLayers layers) =>
        Replace(ConfigResource.Topic(name), new Dictionary<string, string>(), settings, layers);

    private static SettingRefusal? Apply(ResourceRules rules, ConfigResource resource, SettingOperation operation, Dictionary<string, string> values)
    {
        var (name, kind, value) = operation;
        if (kind == SettingOperationKind.Delete)
        {
            values.Remove(name);
            return null;
        }

        if (value is null) return SettingRefusal.Request($"{name} is to be null, which is no value: delete it for its default to count again");
        if (kind is not (SettingOperationKind.Set or SettingOperationKind.Append or SettingOperationKind.Subtract))
            return SettingRefusal.Request($"{(sbyte)kind} is nothing that can be done with {name}: 0 sets, 1 deletes, 2 appends, 3 subtracts");
        if (rules.CheckSetting(resource, name) is { } refusal) return refusal;
        var setting = rules.Find(name)!;
        if (kind != SettingOperationKind.Set)
        {
            if (setting.Type != SettingType.List || !rules.HasLists)
                return SettingRefusal.Config($"{(kind == SettingOperationKind.Append ? "appending to" : "subtracting from")} {name} is not possible, for it is no list: set it");
            value = Combine(values.GetValueOrDefault(name) ?? setting.Default ?? "", value, kind);
        }

        if (SettingParser.Parse(setting, value, out _) is { } fault) return rules.WrongValue(fault);
        values[name] = value;
        return null;
    }

    private static SettingOutcome Finish(
        ResourceRules rules, ConfigResource resource, IReadOnlyDictionary<string, string> current, Dictionary<string, string> values, SettingLayers layers, SettingRefusal? refusal)
    {
        refusal ??= rules.CheckTogether(resource, current, values, layers);
        return refusal is null ? new SettingOutcome(Protocol.Errors.ErrorCode.None, null, values) : new SettingOutcome(refusal.Error, refusal.Message, current);
    }

    private static string Combine(string before, string parts, SettingOperationKind kind)
    {
        var list = Split(before);
        foreach (var part in Split(parts))
        {
            if (kind == SettingOperationKind.Subtract) list.Remove(part);
            else if (!list.Contains(part)) list.Add(part);
        }

        return string.Join(',', list);
    }

    private static List<string> Split(string list) => list.Trim().Length == 0 ? [] : [.. list.Split(',', StringSplitOptions.TrimEntries)];
}
