namespace Moldau.Client.Metadata;

/// <summary>A broker, as the cluster names it.</summary>
public sealed record BrokerInfo(int Id, string Host, int Port, string? Rack);
