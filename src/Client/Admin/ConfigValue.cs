namespace Moldau.Client.Admin;

/// <summary>A setting and the value that counts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Null where it is not set, or secret.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsReadOnly">Whether it only counts at a start.</param>
/// <param name="IsSensitive">Whether its value is kept secret.</param>
/// <param name="Documentation">What it is for, where that was asked for and is known.</param>
public sealed record ConfigValue(string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, string? Documentation)
{
    /// <summary>Whether somebody set it, rather than it being the default.</summary>
    public bool IsSet => Source is not (ConfigSource.Default or ConfigSource.Unknown);
}
