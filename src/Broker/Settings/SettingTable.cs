using System.Collections.Frozen;

namespace Moldau.Broker.Settings;

/// <summary>The settings of one kind of resource, by name.</summary>
public sealed class SettingTable
{
    private readonly FrozenDictionary<string, SettingDeclaration> _byName;

    internal SettingTable(params IEnumerable<SettingDeclaration> rows)
    {
        All = [.. rows.OrderBy(static row => row.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(static row => row.Name, StringComparer.Ordinal);
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<SettingDeclaration> All { get; }

    public SettingDeclaration this[string name] =>
        Find(name) ?? throw new ArgumentException($"there is no setting '{name}'{Meant(name)}", nameof(name));

    public SettingDeclaration? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Which setting was meant, as the end of a sentence; empty where none is near.</summary>
    internal string Meant(string name) => NearestName.Find(name, All.Select(static row => row.Name)) is { } near ? $"; did you mean {near}?" : "";
}
