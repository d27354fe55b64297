namespace Moldau.Broker.Settings.Descriptions;

/// <summary>What DescribeConfigs tells of a setting.</summary>
/// <param name="Name">The setting's.</param>
/// <param name="Value">What counts; null where there is none, or where it is told to nobody.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="IsReadOnly">Whether it cannot be changed while the broker runs.</param>
/// <param name="IsSensitive">Whether its value is told to nobody.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Documentation">Null of a listener's own setting.</param>
/// <param name="Synonyms">All values there are for it, the one that counts first.</param>
public sealed record SettingDescription(
    string Name, string? Value, SettingSource Source, bool IsReadOnly, bool IsSensitive, SettingType Type, string? Documentation, IReadOnlyList<SettingSynonym> Synonyms)
{
    public bool IsDefault => Source == SettingSource.Default;
}
