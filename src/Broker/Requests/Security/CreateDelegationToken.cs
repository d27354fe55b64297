using System.Collections.Immutable;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Tokens;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>CreateDelegationToken: a token that stands for whoever asks, or for whom he asks.</summary>
internal sealed class CreateDelegationToken(IMetadataStore store, MetadataFollower metadata, DelegationTokens tokens, UuidSource ids, LiveSettings settings, TimeProvider clock, NetworkLog log)
    : TypedHandler<CreateDelegationTokenRequest, CreateDelegationTokenResponse>(log)
{
    private const short FirstWithRequester = 3;

    private readonly AlterRecord _alter = new(store);

    protected override async ValueTask HandleAsync(Exchange exchange, CreateDelegationTokenRequest request, CreateDelegationTokenResponse response)
    {
        var owner = Owner(exchange, request);
        Name(exchange.Version, response, owner, exchange.Principal);
        TokenRequests.CheckWay(exchange);
        if (owner != exchange.Principal && !exchange.Access.Allows(AclOperation.CreateTokens, AclResource.User, owner.ToString()))
            throw new RequestRefusedException(ErrorCode.DelegationTokenAuthorizationFailed, $"no rule allows {exchange.Principal} to have tokens made that stand for {owner}");
        var renewers = ImmutableArray.CreateBuilder<string>(request.Renewers.Count);
        foreach (var renewer in request.Renewers)
        {
            if (renewer.PrincipalType != Principal.UserType)
                throw new RequestRefusedException(ErrorCode.InvalidPrincipalType, $"a renewer of type '{renewer.PrincipalType}'; there are only those of type {Principal.UserType}");
            renewers.Add(new Principal(renewer.PrincipalType, renewer.PrincipalName).ToString());
        }

        // Kafka says so behind what is wrong with the request itself.
        TokenRequests.CheckKey(tokens);
        var bounds = settings.Current.Tokens;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var lasts = TokenRequests.After(now, request.MaxLifetimeMs > 0 ? Math.Min(request.MaxLifetimeMs, bounds.MaxLifetimeMilliseconds) : bounds.MaxLifetimeMilliseconds);
        var record = new DelegationTokenRecord(
            owner.ToString(), exchange.Principal.ToString(), renewers.ToImmutable(), now, Math.Min(lasts, TokenRequests.After(now, bounds.ExpiryMilliseconds)), lasts);
        var id = ids.Next().ToString();
        var altered = await _alter.RunAsync<DelegationTokenRecord>(MetadataKeys.DelegationToken(id), known => known ?? record).ConfigureAwait(false);
        await metadata.WaitForAsync(altered.Revision).ConfigureAwait(false);
        exchange.Changed($"created for {owner}", "delegation token", id);
        (response.IssueTimestampMs, response.ExpiryTimestampMs, response.MaxTimestampMs) = (record.IssuedAt, record.ExpiresAt, record.LastsUntil);
        (response.TokenId, response.Hmac) = (id, tokens.Code(id));
    }

    /// <summary>For whom and by whom it was to be is told with a refusal, too.</summary>
    public override void Refuse(Exchange exchange, ErrorCode error, string? message)
    {
        base.Refuse(exchange, error, message);
        Name(exchange.Version, (CreateDelegationTokenResponse)exchange.Response, Owner(exchange, (CreateDelegationTokenRequest)exchange.Request), exchange.Principal);
    }

    protected override void Refuse(CreateDelegationTokenRequest request, CreateDelegationTokenResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static Principal Owner(Exchange exchange, CreateDelegationTokenRequest request)
    {
        if (request.OwnerPrincipalName is not { Length: > 0 } name) return exchange.Principal;
        return new Principal(request.OwnerPrincipalType is { Length: > 0 } type ? type : Principal.UserType, name);
    }

    private static void Name(short version, CreateDelegationTokenResponse response, Principal owner, Principal requester)
    {
        (response.PrincipalType, response.PrincipalName) = (owner.Type, owner.Name);
        if (version < FirstWithRequester) return;
        (response.TokenRequesterPrincipalType, response.TokenRequesterPrincipalName) = (requester.Type, requester.Name);
    }
}
