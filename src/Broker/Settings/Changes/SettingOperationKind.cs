namespace Moldau.Broker.Settings.Changes;

/// <summary>What is done with a setting, by the numbers IncrementalAlterConfigs has for it.</summary>
public enum SettingOperationKind : sbyte
{
    Set = 0,

    /// <summary>The default counts again.</summary>
    Delete = 1,

    /// <summary>Values are added to a list.</summary>
    Append = 2,

    /// <summary>Values are taken from a list.</summary>
    Subtract = 3,
}
