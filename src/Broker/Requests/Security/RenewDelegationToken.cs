using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security.Tokens;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>RenewDelegationToken: a token's end is put off, never beyond what it may last.</summary>
internal sealed class RenewDelegationToken(IMetadataStore store, MetadataFollower metadata, DelegationTokens tokens, LiveSettings settings, TimeProvider clock, NetworkLog log)
    : TypedHandler<RenewDelegationTokenRequest, RenewDelegationTokenResponse>(log)
{
    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, RenewDelegationTokenRequest request, RenewDelegationTokenResponse response)
    {
        TokenRequests.Check(exchange, tokens);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var token = TokenRequests.Find(tokens, request.Hmac.Span);
        TokenRequests.CheckTime(token, now);
        TokenRequests.CheckAsker(token, exchange.Principal);
        var most = settings.Current.Tokens.ExpiryMilliseconds;
        var period = request.RenewPeriodMs > 0 ? Math.Min(request.RenewPeriodMs, most) : most;
        var expires = Math.Min(token.Record.LastsUntil, TokenRequests.After(now, period));
        var altered = await _alter.RunAsync<DelegationTokenRecord>(
            MetadataKeys.DelegationToken(token.Id), known => known is null ? null : known with { ExpiresAt = expires }).ConfigureAwait(false);
        await metadata.WaitForAsync(altered.Revision).ConfigureAwait(false);
        exchange.Changed("renewed", "delegation token", token.Id);
        response.ExpiryTimestampMs = expires;
    }

    protected override void Refuse(RenewDelegationTokenRequest request, RenewDelegationTokenResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
