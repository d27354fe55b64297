namespace Moldau.Client.Admin;

/// <summary>Where a value comes from, by the protocol's numbers.</summary>
public enum ConfigSource
{
    Unknown = -1,
    Topic = 1,
    Broker = 2,
    AllBrokers = 3,
    Start = 4,
    Default = 5,
    Logger = 6,
    ClientMetrics = 7,
    Group = 8,
}
