using Moldau.Storage.Files;

namespace Moldau.Broker.Settings.Start;

/// <summary>Reads the settings of a start: a file, then the environment, then what was given with <c>--set</c>, the later over the earlier.</summary>
public static class StartReader
{
    /// <exception cref="StartSettingsException">Something given is not possible; all of it is told at once.</exception>
    public static StartSettings Read(StartInput input, ISmallFiles files)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(files);
        var faults = new List<string>();
        var notes = new List<string>();
        var given = new Dictionary<string, GivenSetting>(StringComparer.Ordinal);
        if (input.File is { } file) ReadFile(file, files, given, faults);
        ReadEnvironment(input, given, faults);
        foreach (var set in input.Sets) ReadSet(set, given, faults);

        var providers = new ValueProviders(given, input.Environment, files, faults);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in given.Values.OrderBy(static setting => setting.Name, StringComparer.Ordinal)) Take(setting, providers, values, faults, notes);
        if (faults.Count == 0) CheckTogether(given, values, faults);
        NameNodeTwice(values);
        return faults.Count == 0 ? new StartSettings(values, notes) : throw new StartSettingsException(faults);
    }

    private static void ReadFile(string path, ISmallFiles files, Dictionary<string, GivenSetting> given, List<string> faults)
    {
        try
        {
            var text = PropertiesReader.Decode(files.Read(path));
            foreach (var (line, fault) in PropertiesReader.Read(text, (name, value, line) => given[name] = new GivenSetting(name, value, $"{path}:{line}")))
                faults.Add($"{path}:{line}: {fault}");
        }
        catch (DiskException fault)
        {
            faults.Add($"the settings file cannot be read: {fault.Message}");
        }
    }

    private static void ReadEnvironment(StartInput input, Dictionary<string, GivenSetting> given, List<string> faults)
    {
        foreach (var (variable, value) in input.Environment.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(EnvironmentNames.Prefix, StringComparison.Ordinal) || input.OtherVariables.Contains(variable)) continue;
            if (EnvironmentNames.Resolve(variable, out var fault) is { } name) given[name] = new GivenSetting(name, value, variable);
            else if (!EnvironmentNames.IsKubernetes(variable, value)) faults.Add($"{variable}: {fault}");
        }
    }

    private static void ReadSet(string set, Dictionary<string, GivenSetting> given, List<string> faults)
    {
        var equals = set.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? "" : set[..equals].Trim();
        if (name.Length == 0) faults.Add($"--set: '{set}' is no NAME=VALUE");
        else given[name] = new GivenSetting(name, set[(equals + 1)..], "--set");
    }

    private static void Take(GivenSetting setting, ValueProviders providers, Dictionary<string, string> values, List<string> faults, List<string> notes)
    {
        if (ProviderDeclaration.IsOne(setting.Name)) return;
        if (ListenerSetting.Declaration(setting.Name) is not { } row)
        {
            faults.Add($"{setting.Where}: {UnknownBrokerSetting.Say(setting.Name)}");
            return;
        }

        try
        {
            var value = setting.Name == ProviderDeclaration.List ? setting.Value : providers.Resolve(setting, notes);
            if (SettingParser.Parse(row, value, out _) is { } fault) faults.Add($"{setting.Where}: {fault}");
            else values[setting.Name] = value;
            if (row.HasNoEffect) notes.Add($"{setting.Where}: {setting.Name} has no effect: {row.Documentation}");
        }
        catch (ProviderException fault)
        {
            faults.Add($"{setting.Where}: {setting.Name} cannot be looked up: {fault.Message}");
        }
    }

    /// <summary>The node's number has two names, and whoever asks for either is told it.</summary>
    private static void NameNodeTwice(Dictionary<string, string> values)
    {
        if (values.TryGetValue("node.id", out var id)) values.TryAdd("broker.id", id);
        else if (values.TryGetValue("broker.id", out id) && !id.TrimStart().StartsWith('-')) values["node.id"] = id;
    }

    private static void CheckTogether(Dictionary<string, GivenSetting> given, Dictionary<string, string> values, List<string> faults)
    {
        foreach (var (name, fault) in BrokerRules.Faults(SettingLayers.Empty with { Start = values }))
            faults.Add($"{(given.TryGetValue(name, out var setting) ? setting.Where : name)}: {fault}");
    }
}
