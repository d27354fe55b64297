namespace Moldau.Broker.Settings;

/// <summary>What a setting's value is, by the numbers DescribeConfigs has for it.</summary>
public enum SettingType : sbyte
{
    Unknown = 0,
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,

    /// <summary>It is told to nobody.</summary>
    Password = 9,
}
