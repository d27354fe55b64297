using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Delegation tokens: made, renewed, ended, listed. Brokers give them to whoever authenticated without one.</summary>
public sealed class TokenAdmin
{
    private const string UserType = "User";

    private readonly ClientCore _core;

    internal TokenAdmin(ClientCore core) => _core = core;

    /// <param name="renewers">Who may renew it beside its owner, such as <c>User:bob</c>.</param>
    /// <param name="longest">How long it may live with all renewals; null for as long as the broker allows.</param>
    /// <param name="owner">Whom it speaks for; null for whoever asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KafkaException">It was refused.</exception>
    public async Task<DelegationToken> CreateAsync(IReadOnlyCollection<string>? renewers = null, TimeSpan? longest = null, string? owner = null, CancellationToken cancellation = default)
    {
        var (ownerType, ownerName) = owner is null ? (null, null) : Parts(owner);
        var request = new CreateDelegationTokenRequest { MaxLifetimeMs = longest is { } time ? (long)time.TotalMilliseconds : -1, OwnerPrincipalType = ownerType, OwnerPrincipalName = ownerName };
        foreach (var renewer in renewers ?? [])
        {
            var (type, name) = Parts(renewer);
            request.Renewers.Add(new CreateDelegationTokenRequest.Renewer { PrincipalType = type, PrincipalName = name });
        }

        var made = await _core.Router.AskAsync<CreateDelegationTokenResponse>(
            Destination.Any, ApiKey.CreateDelegationToken, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var principal = Principal(made.PrincipalType, made.PrincipalName);
        return new DelegationToken(
            made.TokenId, principal, Requester(made.TokenRequesterPrincipalType, made.TokenRequesterPrincipalName, principal),
            At(made.IssueTimestampMs), At(made.ExpiryTimestampMs), At(made.MaxTimestampMs), [.. renewers ?? []]) { Secret = made.Hmac };
    }

    /// <summary>Lets it live on, but never beyond its end.</summary>
    /// <param name="token">Which.</param>
    /// <param name="period">From now; null for as long as the broker renews at a time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>When it expires now.</returns>
    /// <exception cref="KafkaException">It was refused, or there is no such token.</exception>
    public async Task<DateTimeOffset> RenewAsync(DelegationToken token, TimeSpan? period = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        var renewed = await _core.Router.AskAsync<RenewDelegationTokenResponse>(
            Destination.Any, ApiKey.RenewDelegationToken, new RenewDelegationTokenRequest { Hmac = token.Secret, RenewPeriodMs = period is { } time ? (long)time.TotalMilliseconds : -1 },
            answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        return At(renewed.ExpiryTimestampMs);
    }

    /// <summary>Lets it end.</summary>
    /// <param name="token">Which.</param>
    /// <param name="period">How long it may live still; null for no longer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>When it ends.</returns>
    /// <exception cref="KafkaException">It was refused, or there is no such token.</exception>
    public async Task<DateTimeOffset> ExpireAsync(DelegationToken token, TimeSpan? period = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        var expired = await _core.Router.AskAsync<ExpireDelegationTokenResponse>(
            Destination.Any, ApiKey.ExpireDelegationToken, new ExpireDelegationTokenRequest { Hmac = token.Secret, ExpiryTimePeriodMs = period is { } time ? (long)time.TotalMilliseconds : -1 },
            answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        return At(expired.ExpiryTimestampMs);
    }

    /// <param name="owners">Whose, such as <c>User:alice</c>; null for all that the caller may see.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<DelegationToken>> ListAsync(IReadOnlyCollection<string>? owners = null, CancellationToken cancellation = default)
    {
        var request = new DescribeDelegationTokenRequest { Owners = owners is null ? null : [] };
        foreach (var owner in owners ?? [])
        {
            var (type, name) = Parts(owner);
            request.Owners!.Add(new DescribeDelegationTokenRequest.Owner { PrincipalType = type, PrincipalName = name });
        }

        var response = await _core.Router.AskAsync<DescribeDelegationTokenResponse>(
            Destination.Any, ApiKey.DescribeDelegationToken, request, static answer => (answer.ErrorCode, null), cancellation).ConfigureAwait(false);
        var tokens = new List<DelegationToken>();
        foreach (var token in response.Tokens)
        {
            var principal = Principal(token.PrincipalType, token.PrincipalName);
            tokens.Add(new DelegationToken(
                token.TokenId, principal, Requester(token.TokenRequesterPrincipalType, token.TokenRequesterPrincipalName, principal),
                At(token.IssueTimestamp), At(token.ExpiryTimestamp), At(token.MaxTimestamp),
                [.. token.Renewers.Select(static renewer => Principal(renewer.PrincipalType, renewer.PrincipalName))]) { Secret = token.Hmac });
        }

        tokens.Sort(static (one, other) => string.CompareOrdinal(one.Id, other.Id));
        return tokens;
    }

    private static (string Type, string Name) Parts(string principal)
    {
        var colon = principal.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (principal[..colon], principal[(colon + 1)..]) : throw new ArgumentException($"'{principal}' is no principal; it has a type in front, such as {UserType}:{principal}");
    }

    private static string Principal(string type, string name) => $"{type}:{name}";

    private static string Requester(string type, string name, string owner) => name.Length == 0 ? owner : Principal(type, name);

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
