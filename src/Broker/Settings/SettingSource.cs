namespace Moldau.Broker.Settings;

/// <summary>Where a value comes from, by the numbers DescribeConfigs has for it.</summary>
public enum SettingSource : sbyte
{
    Topic = 1,

    /// <summary>Set while running, for one node.</summary>
    Node = 2,

    /// <summary>Set while running, for all nodes.</summary>
    AllNodes = 3,

    /// <summary>A settings file, the environment or the command line.</summary>
    Start = 4,

    Default = 5,
    ClientMetrics = 7,
    Group = 8,
}
