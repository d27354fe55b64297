namespace Moldau.Broker.Settings.Descriptions;

/// <summary>A value that somebody has given, or the table has; the first of a setting's list is the one that counts.</summary>
/// <param name="Name">Of the setting that was given it.</param>
/// <param name="Value">Null where it is told to nobody.</param>
/// <param name="Source">Who gave it.</param>
public readonly record struct SettingSynonym(string Name, string? Value, SettingSource Source);
