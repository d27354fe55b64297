namespace Moldau.Client.Admin;

/// <summary>What is done to a setting, by the protocol's numbers.</summary>
public enum ConfigOperation
{
    Set = 0,
    Delete = 1,
    Append = 2,
    Subtract = 3,
}
