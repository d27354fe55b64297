using Moldau.Broker.Security.Sasl.Scram;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>Delegation tokens, from their creation to their end.</summary>
public class TokenServingTests
{
    private static readonly (string, string) Key = ("delegation.token.secret.key", "the cluster's secret");

    [Fact]
    public async Task A_token_stands_for_its_owner()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: Key));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        var token = await CreateAsync(alice, renewers: ["bob"]);
        Assert.Equal(ErrorCode.None, token.ErrorCode);
        Assert.Equal(("User", "alice", "alice"), (token.PrincipalType, token.PrincipalName, token.TokenRequesterPrincipalName));
        Assert.Equal(86_400_000, token.ExpiryTimestampMs - token.IssueTimestampMs);
        Assert.Equal(604_800_000, token.MaxTimestampMs - token.IssueTimestampMs);

        foreach (var hash in new[] { ScramHash.Sha256, ScramHash.Sha512 })
        {
            using var holder = await broker.ConnectAsync();
            var entered = await holder.ScramAsync(hash, token.TokenId, Password(token), ",tokenauth=true");
            Assert.Equal(ErrorCode.None, entered.ErrorCode);
            // As long as the token, and no longer.
            Assert.InRange(entered.SessionLifetimeMs, 86_000_000, 86_400_000);
            Assert.Single((await holder.MetadataAsync()).Brokers);
            Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await CreateAsync(holder)).ErrorCode);
            Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await DescribeAsync(holder)).ErrorCode);
        }

        var told = Assert.Single((await DescribeAsync(alice)).Tokens);
        Assert.Equal((token.TokenId, "alice", "bob"), (told.TokenId, told.PrincipalName, told.Renewers[0].PrincipalName));
        Assert.Equal(token.Hmac.ToArray(), told.Hmac.ToArray());
        Assert.Empty((await DescribeAsync(alice, "carol")).Tokens);
        Assert.Single((await DescribeAsync(alice, "carol", "bob")).Tokens);
    }

    [Fact]
    public async Task Who_does_not_hold_it_does_not_enter()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: Key));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        var token = await CreateAsync(alice);
        (string, string, string)[] attempts = [(token.TokenId, "guess", ",tokenauth=true"), (token.TokenId, Password(token), ""), ("no-such-token", Password(token), ",tokenauth=true"), ("alice", "wonder", ",tokenauth=true")];
        foreach (var (name, password, extensions) in attempts)
        {
            using var stranger = await broker.ConnectAsync();
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await stranger.ScramAsync(ScramHash.Sha256, name, password, extensions)).ErrorCode);
        }
    }

    [Fact]
    public async Task Only_owner_and_renewers_put_its_end_off_and_bring_it_on()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: Key));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        using var bob = await EnterAsync(broker, "bob", "builder");
        var (own, shared) = (await CreateAsync(alice), await CreateAsync(alice, renewers: ["bob"], lifetime: 60_000));
        Assert.Equal(60_000, shared.ExpiryTimestampMs - shared.IssueTimestampMs);

        Assert.Equal(ErrorCode.DelegationTokenOwnerMismatch, (await RenewAsync(bob, own.Hmac)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenOwnerMismatch, (await ExpireAsync(bob, own.Hmac, -1)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenNotFound, (await RenewAsync(bob, new byte[64])).ErrorCode);
        Assert.Equal(shared.MaxTimestampMs, (await RenewAsync(bob, shared.Hmac)).ExpiryTimestampMs);
        Assert.InRange((await RenewAsync(alice, own.Hmac, 5000)).ExpiryTimestampMs, own.IssueTimestampMs + 5000, own.IssueTimestampMs + 60_000);
        Assert.Equal(ErrorCode.None, (await ExpireAsync(alice, own.Hmac, 0)).ErrorCode);
        await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.DelegationTokenExpired, (await RenewAsync(alice, own.Hmac)).ErrorCode);
        using (var late = await broker.ConnectAsync())
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await late.ScramAsync(ScramHash.Sha256, own.TokenId, Password(own), ",tokenauth=true")).ErrorCode);
        Assert.Equal(ErrorCode.None, (await ExpireAsync(bob, shared.Hmac, -1)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenNotFound, (await ExpireAsync(bob, shared.Hmac, -1)).ErrorCode);
        // What is over is told of until it is removed.
        Assert.Equal(own.TokenId, Assert.Single((await DescribeAsync(alice)).Tokens).TokenId);
    }

    [Fact]
    public async Task For_others_a_token_is_theirs()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: Key));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        var token = await CreateAsync(alice, owner: "carol");
        Assert.Equal(("carol", "alice"), (token.PrincipalName, token.TokenRequesterPrincipalName));
        using var holder = await broker.ConnectAsync();
        await holder.ScramAsync(ScramHash.Sha512, token.TokenId, Password(token), ",tokenauth=true");
        Assert.Single((await holder.MetadataAsync()).Brokers);
        Assert.Equal(ErrorCode.InvalidPrincipalType, (await CreateAsync(alice, renewers: ["bob"], type: "Group")).ErrorCode);
    }

    [Fact]
    public async Task What_is_over_is_removed()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: [Key, ("delegation.token.expiry.check.interval.ms", "1")]));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        var token = await CreateAsync(alice, lifetime: 1);
        while ((await RenewAsync(alice, token.Hmac)).ErrorCode != ErrorCode.DelegationTokenNotFound) await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_key_or_without_authentication_there_are_none()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings(more: ("listeners", "SASL_PLAINTEXT://127.0.0.1:0,PLAINTEXT://127.0.0.1:0")));
        using var alice = await EnterAsync(broker, "alice", "wonder");
        Assert.Equal(ErrorCode.DelegationTokenAuthDisabled, (await CreateAsync(alice)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenAuthDisabled, (await DescribeAsync(alice)).ErrorCode);
        // What is wrong with the request itself comes first.
        Assert.Equal(ErrorCode.InvalidPrincipalType, (await CreateAsync(alice, renewers: ["bob"], type: "Group")).ErrorCode);
        using var nobody = await Conversation.ConnectAsync(broker.Server.Addresses[1]);
        Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await CreateAsync(nobody)).ErrorCode);
        using var holder = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await holder.ScramAsync(ScramHash.Sha256, "id", "pw", ",tokenauth=true")).ErrorCode);
    }

    private static async Task<Conversation> EnterAsync(TestBroker broker, string name, string password)
    {
        var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await client.PlainAsync(name, password)).ErrorCode);
        return client;
    }

    private static string Password(CreateDelegationTokenResponse token) => Convert.ToBase64String(token.Hmac.Span);

    private static Task<CreateDelegationTokenResponse> CreateAsync(Conversation client, string[]? renewers = null, long lifetime = -1, string? owner = null, string type = "User")
    {
        var request = new CreateDelegationTokenRequest { MaxLifetimeMs = lifetime, OwnerPrincipalName = owner, OwnerPrincipalType = owner is null ? null : "User" };
        foreach (var renewer in renewers ?? []) request.Renewers.Add(new CreateDelegationTokenRequest.Renewer { PrincipalType = type, PrincipalName = renewer });
        return client.AskAsync<CreateDelegationTokenResponse>(ApiKey.CreateDelegationToken, 3, request);
    }

    private static Task<RenewDelegationTokenResponse> RenewAsync(Conversation client, ReadOnlyMemory<byte> code, long period = -1) =>
        client.AskAsync<RenewDelegationTokenResponse>(ApiKey.RenewDelegationToken, 2, new RenewDelegationTokenRequest { Hmac = code, RenewPeriodMs = period });

    private static Task<ExpireDelegationTokenResponse> ExpireAsync(Conversation client, ReadOnlyMemory<byte> code, long period) =>
        client.AskAsync<ExpireDelegationTokenResponse>(ApiKey.ExpireDelegationToken, 2, new ExpireDelegationTokenRequest { Hmac = code, ExpiryTimePeriodMs = period });

    private static Task<DescribeDelegationTokenResponse> DescribeAsync(Conversation client, params string[] owners)
    {
        var request = new DescribeDelegationTokenRequest { Owners = owners.Length == 0 ? null : [] };
        foreach (var owner in owners) request.Owners!.Add(new DescribeDelegationTokenRequest.Owner { PrincipalType = "User", PrincipalName = owner });
        return client.AskAsync<DescribeDelegationTokenResponse>(ApiKey.DescribeDelegationToken, 3, request);
    }
}
