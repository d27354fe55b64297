namespace Moldau.Client.Admin;

/// <summary>What has settings, by the protocol's numbers.</summary>
public enum ConfigResourceType
{
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}
