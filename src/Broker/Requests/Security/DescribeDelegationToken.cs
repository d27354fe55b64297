using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Tokens;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Security;

/// <summary>DescribeDelegationToken: the tokens of some owners, or of all.</summary>
internal sealed class DescribeDelegationToken(DelegationTokens tokens, NetworkLog log)
    : TypedHandler<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse>(log)
{
    private const short FirstWithRequester = 3;

    protected override ValueTask HandleAsync(Exchange exchange, DescribeDelegationTokenRequest request, DescribeDelegationTokenResponse response)
    {
        TokenRequests.Check(exchange, tokens);
        // What is over is told of until it is removed, as Kafka does; nobody enters with it.
        foreach (var token in tokens.All)
        {
            if (IsAskedFor(request, token) && MaySee(exchange, token)) response.Tokens.Add(Describe(exchange.Version, token));
        }

        return ValueTask.CompletedTask;
    }

    protected override void Refuse(DescribeDelegationTokenRequest request, DescribeDelegationTokenResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    private static bool IsAskedFor(DescribeDelegationTokenRequest request, DelegationToken token)
    {
        if (request.Owners is not { } owners) return true;
        foreach (var owner in owners)
        {
            if (token.BelongsTo(new Principal(owner.PrincipalType, owner.PrincipalName).ToString())) return true;
        }

        return false;
    }

    private static bool MaySee(Exchange exchange, DelegationToken token) =>
        token.BelongsTo(exchange.Principal.ToString())
        || exchange.Access.Allows(AclOperation.Describe, AclResource.DelegationToken, token.Id, isTold: false)
        || exchange.Access.Allows(AclOperation.DescribeTokens, AclResource.User, token.Record.Owner, isTold: false);

    private DescribeDelegationTokenResponse.Token Describe(short version, DelegationToken token)
    {
        var record = token.Record;
        var (owner, requester) = (Split(record.Owner), Split(record.Requester));
        var described = new DescribeDelegationTokenResponse.Token
        {
            PrincipalType = owner.Type,
            PrincipalName = owner.Name,
            TokenRequesterPrincipalType = version < FirstWithRequester ? "" : requester.Type,
            TokenRequesterPrincipalName = version < FirstWithRequester ? "" : requester.Name,
            IssueTimestamp = record.IssuedAt,
            ExpiryTimestamp = record.ExpiresAt,
            MaxTimestamp = record.LastsUntil,
            TokenId = token.Id,
            Hmac = tokens.Code(token.Id),
        };
        foreach (var renewer in record.Renewers)
            described.Renewers.Add(new DescribeDelegationTokenResponse.Renewer { PrincipalType = Split(renewer).Type, PrincipalName = Split(renewer).Name });
        return described;
    }

    private static Principal Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new Principal(Principal.UserType, text) : new Principal(text[..colon], text[(colon + 1)..]);
    }
}
