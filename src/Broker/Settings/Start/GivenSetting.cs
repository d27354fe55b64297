namespace Moldau.Broker.Settings.Start;

/// <summary>A setting as somebody gave it at a start.</summary>
/// <param name="Name">The setting's.</param>
/// <param name="Value">As written, escapes undone.</param>
/// <param name="Where">For people: <c>FILE:LINE</c>, a variable's name, or <c>--set</c>.</param>
public readonly record struct GivenSetting(string Name, string Value, string Where);
