using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security.Tokens;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>ExpireDelegationToken: a token's end is moved, or comes at once.</summary>
internal sealed class ExpireDelegationToken(IMetadataStore store, MetadataFollower metadata, DelegationTokens tokens, TimeProvider clock, NetworkLog log)
    : TypedHandler<ExpireDelegationTokenRequest, ExpireDelegationTokenResponse>(log)
{
    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, ExpireDelegationTokenRequest request, ExpireDelegationTokenResponse response)
    {
        TokenRequests.Check(exchange, tokens);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var isAtOnce = request.ExpiryTimePeriodMs < 0;
        var token = TokenRequests.Find(tokens, request.Hmac.Span);
        TokenRequests.CheckAsker(token, exchange.Principal);
        if (!isAtOnce) TokenRequests.CheckTime(token, now);
        var expires = isAtOnce ? now : Math.Min(token.Record.LastsUntil, TokenRequests.After(now, request.ExpiryTimePeriodMs));
        var altered = await _alter.RunAsync<DelegationTokenRecord>(
            MetadataKeys.DelegationToken(token.Id), known => isAtOnce || known is null ? null : known with { ExpiresAt = expires }).ConfigureAwait(false);
        await metadata.WaitForAsync(altered.Revision).ConfigureAwait(false);
        exchange.Changed(isAtOnce ? "deleted" : "moved the end of", "delegation token", token.Id);
        response.ExpiryTimestampMs = expires;
    }

    protected override void Refuse(ExpireDelegationTokenRequest request, ExpireDelegationTokenResponse response, ErrorCode error, string? message) => response.ErrorCode = error;
}
