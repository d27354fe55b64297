namespace Moldau.Broker.Metadata.Records;

public enum ConfigScope
{
    AllNodes,
    Node,
    Topic,
    Group,
    ClientMetrics,
}
