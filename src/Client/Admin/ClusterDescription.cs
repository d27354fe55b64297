namespace Moldau.Client.Admin;

/// <summary>The cluster as a whole.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Controller">The broker that answers for the controller; -1 where it is not known.</param>
/// <param name="Brokers">Its brokers, in the order of their ids.</param>
public sealed record ClusterDescription(string? Id, int Controller, IReadOnlyList<Metadata.BrokerInfo> Brokers);
