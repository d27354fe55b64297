using Microsoft.Extensions.Configuration;

namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>
/// Reads sections of configuration as people have them for other Kafka libraries: flat or with <c>Producer</c>, <c>Consumer</c>, <c>Config</c> and
/// <c>Security</c> within, in Java's or .NET's spelling. Everything wrong is told at once, with its path.
/// </summary>
internal sealed class SectionReader
{
    private static readonly Dictionary<string, Setting> Table = SettingTable.Rows.ToDictionary(static row => SettingName.Plain(row.Name), StringComparer.Ordinal);

    // Of Aspire's components: what they switch off is not switched on here.
    private static readonly HashSet<string> Passed = ["disablehealthchecks", "disablemetrics", "disabletracing"];

    private readonly SettingDraft _draft;
    private readonly List<string> _faults = [];

    private SectionReader(KafkaOptions options) => _draft = new SettingDraft(options);

    /// <param name="sections">From what counts least to what counts most, whose settings they may have, and whether what is not known within is a fault.</param>
    /// <param name="options">What they change.</param>
    /// <returns>What is wrong with them.</returns>
    public static IReadOnlyList<string> Read(IEnumerable<(IConfigurationSection Section, SettingRole Roles, bool IsWhole)> sections, KafkaOptions options)
    {
        var reader = new SectionReader(options);
        foreach (var (section, roles, isWhole) in sections) reader.Read(section, roles, isWhole);
        reader.Try(reader._draft.Finish);
        return reader._faults;
    }

    private void Read(IConfigurationSection section, SettingRole roles, bool isWhole)
    {
        foreach (var child in section.GetChildren())
        {
            var name = SettingName.Plain(child.Key);
            if (child.Value is null && Inner(name, roles) is { } within)
            {
                Read(child, within, isWhole);
            }
            else if (child.Value is { } text)
            {
                Try(() => Apply(name, new SettingValue(child.Path, text), child.Key, roles));
            }
            else if (name == "topics")
            {
                Try(() => Apply(name, new SettingValue(child.Path, string.Join(',', child.GetChildren().Select(static one => one.Value))), child.Key, roles));
            }
            else if (isWhole)
            {
                _faults.Add($"{child.Path} is a section that is not known here; there are Producer, Consumer, Config and Security");
            }
        }
    }

    private static SettingRole? Inner(string name, SettingRole roles) => name switch
    {
        "producer" => SettingRole.Producer | SettingRole.Client,
        "consumer" => SettingRole.Consumer | SettingRole.Client,
        "config" or "security" or "client" => roles,
        _ => null,
    };

    private void Apply(string plain, SettingValue value, string key, SettingRole roles)
    {
        if (Passed.Contains(plain)) return;
        if (plain == "connectionstring") plain = "bootstrapservers";
        if (!Table.TryGetValue(plain, out var setting))
            throw new SettingException($"{value.Path} is not known{(SettingName.Nearest(key, SettingTable.Rows.Select(static row => row.Name)) is { } nearest ? $"; did you mean {nearest}?" : "")}");
        if ((setting.Role & roles) == 0) throw new SettingException($"{value.Path} is not a setting of this section: it belongs to the {setting.Role.ToString().ToLowerInvariant()}");
        if (setting.Apply is null) throw new SettingException($"{value.Path} cannot be honoured: {setting.Reason}");
        setting.Apply(_draft, value);
    }

    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (SettingException fault)
        {
            _faults.Add(fault.Message);
        }
    }
}
