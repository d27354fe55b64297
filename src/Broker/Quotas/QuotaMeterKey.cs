namespace Moldau.Broker.Quotas;

/// <summary>Who shares a meter: a user, a client id, both together, or an address, which stands in place of the client id.</summary>
internal readonly record struct QuotaMeterKey(QuotaLimit Limit, string? User, string? Client);
