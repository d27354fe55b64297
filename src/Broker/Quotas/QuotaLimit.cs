namespace Moldau.Broker.Quotas;

/// <summary>What may be limited.</summary>
internal enum QuotaLimit
{
    Produce,
    Fetch,
    RequestTime,
    Mutations,
    Connections,
}
