namespace Moldau.Broker.Metadata.Records;

/// <summary>Whom limits are for: a user, a client id, both together, or an address.</summary>
public readonly record struct QuotaEntity(QuotaSubject? User = null, QuotaSubject? ClientId = null, QuotaSubject? Address = null);
