namespace Moldau.Broker.Settings.Changes;

/// <summary>One change of one setting.</summary>
/// <param name="Name">The setting's.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Value">Null with a deletion.</param>
public readonly record struct SettingOperation(string Name, SettingOperationKind Kind, string? Value);
