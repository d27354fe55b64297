namespace Moldau.Client.Admin;

/// <summary>The limits of an entity, by Kafka's names.</summary>
public sealed record QuotaInfo(QuotaTarget Target, IReadOnlyDictionary<string, double> Limits);
