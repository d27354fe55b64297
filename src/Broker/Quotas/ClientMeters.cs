using Moldau.Broker.Security;

namespace Moldau.Broker.Quotas;

/// <summary>What a connection's requests are counted on, looked up once for who asks and what counts.</summary>
internal sealed record ClientMeters(QuotaRules Rules, Principal Principal, string ClientId, ClientMeter Produce, ClientMeter Fetch, ClientMeter RequestTime)
{
    public bool Fit(QuotaRules rules, Principal principal, string clientId) =>
        ReferenceEquals(rules, Rules) && ReferenceEquals(principal, Principal) && clientId == ClientId
        && !Produce.IsGone && !Fetch.IsGone && !RequestTime.IsGone;
}
