using Moldau.Broker.Security;
using Moldau.Broker.Security.Tokens;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests.Security;

/// <summary>What all requests about delegation tokens must keep to.</summary>
internal static class TokenRequests
{
    /// <exception cref="RequestRefusedException">Whoever asks may not ask for tokens, or there are none.</exception>
    public static void Check(Exchange exchange, DelegationTokens tokens)
    {
        CheckWay(exchange);
        CheckKey(tokens);
    }

    /// <exception cref="RequestRefusedException">Whoever asks came in a way that may not ask for tokens.</exception>
    public static void CheckWay(Exchange exchange)
    {
        if (!MayAsk(exchange))
            throw new RequestRefusedException(ErrorCode.DelegationTokenRequestNotAllowed, "delegation tokens are for connections that were authenticated, and not by a token");
    }

    /// <exception cref="RequestRefusedException">There are no tokens.</exception>
    public static void CheckKey(DelegationTokens tokens)
    {
        if (!tokens.AreThere) throw new RequestRefusedException(ErrorCode.DelegationTokenAuthDisabled, "delegation.token.secret.key is not set, so there are no delegation tokens");
    }

    /// <exception cref="RequestRefusedException">There is none.</exception>
    public static DelegationToken Find(DelegationTokens tokens, ReadOnlySpan<byte> code) =>
        tokens.FindByCode(code) ?? throw new RequestRefusedException(ErrorCode.DelegationTokenNotFound, "there is no such delegation token");

    /// <exception cref="RequestRefusedException">It is over.</exception>
    public static void CheckTime(DelegationToken token, long now)
    {
        if (token.IsOver(now)) throw new RequestRefusedException(ErrorCode.DelegationTokenExpired, "the delegation token has expired");
    }

    /// <exception cref="RequestRefusedException">Whoever asks may not change it.</exception>
    public static void CheckAsker(DelegationToken token, Principal asker)
    {
        if (!token.MayBeChangedBy(asker.ToString())) throw new RequestRefusedException(ErrorCode.DelegationTokenOwnerMismatch, $"{asker} neither owns the delegation token nor may renew it");
    }

    /// <summary>A sum that stays at the end where it would go beyond.</summary>
    public static long After(long now, long milliseconds) => milliseconds > long.MaxValue - now ? long.MaxValue : now + milliseconds;

    private static bool MayAsk(Exchange exchange)
    {
        if (exchange.Connection.Session is { } session) return session.Identity is { IsByToken: false };
        return exchange.Principal != Principal.Anonymous;
    }
}
