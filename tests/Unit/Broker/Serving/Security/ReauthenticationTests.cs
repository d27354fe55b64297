using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>Sessions that end (KIP-368), over a socket.</summary>
public class ReauthenticationTests
{
    private static readonly (string, string) Hour = ("listener.name.sasl_plaintext.plain.connections.max.reauth.ms", "3600000");

    [Fact]
    public async Task A_connection_authenticates_again_and_goes_on()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", Hour));
        using var client = await broker.ConnectAsync();
        Assert.Equal(3_600_000, (await client.PlainAsync("alice", "wonder")).SessionLifetimeMs);
        Assert.Equal(ErrorCode.None, (await client.PlainAsync("alice", "wonder")).ErrorCode);
        Assert.Single((await client.MetadataAsync()).Brokers);
        Assert.Equal(1, broker.Server.ListenerFacts[0].Authentication.SucceededAgain);
        // Once more at once is too often, and costs the connection nothing.
        Assert.Equal(ErrorCode.IllegalSaslState, (await client.ShakeHandsAsync("PLAIN")).ErrorCode);
        Assert.Single((await client.MetadataAsync()).Brokers);
    }

    [Theory]
    [InlineData("bob", "builder", "Cannot change principals")]
    [InlineData("alice", "wrong", "Invalid username or password")]
    public async Task Somebody_else_or_a_wrong_password_ends_it(string name, string password, string told)
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", Hour));
        using var client = await broker.ConnectAsync();
        await client.PlainAsync("alice", "wonder");
        var refused = await client.PlainAsync(name, password);
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, refused.ErrorCode);
        Assert.Contains(told, refused.ErrorMessage, StringComparison.Ordinal);
        await client.ExpectClosedAsync();
        Assert.Equal(1, broker.Server.ListenerFacts[0].Authentication.FailedAgain);
    }

    [Fact]
    public async Task A_session_that_is_over_ends_with_the_next_request()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", ("connections.max.reauth.ms", "1")));
        using var client = await broker.ConnectAsync();
        Assert.Equal(1, (await client.PlainAsync("alice", "wonder")).SessionLifetimeMs);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        await client.SendAsync(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });
        await client.ExpectClosedAsync();
        Assert.Equal(1, broker.Server.ListenerFacts[0].Authentication.Expired);
    }
}
