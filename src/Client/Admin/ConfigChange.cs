namespace Moldau.Client.Admin;

/// <summary>A change of one setting; of a list, a part of it may be added or taken away.</summary>
public readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value);
