using Moldau.Client;
using Moldau.Client.Security;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Timing;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Security;

/// <summary>What a client makes of a broker that asks who it is.</summary>
public class SaslLoginTests
{
    [Fact]
    public async Task A_mechanism_that_the_broker_does_not_have_is_told_with_those_it_has()
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.SaslHandshake, static (_, _, _) => ScriptedReply.Of(new SaslHandshakeResponse { ErrorCode = ErrorCode.UnsupportedSaslMechanism, Mechanisms = ["GSSAPI", "SCRAM-SHA-256"] }));
        await using var client = new KafkaClient(broker.Options() with { Sasl = new PlainCredentials("alice", "secret") });

        var refused = await Assert.ThrowsAsync<KafkaException>(() => client.Cluster.DescribeAsync(TestContext.Current.CancellationToken));

        Assert.Equal("scripted:1: the broker does not take PLAIN; it takes GSSAPI, SCRAM-SHA-256 (UNSUPPORTED_SASL_MECHANISM)", refused.Message);
        Assert.True(refused.IsFatal);
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public async Task A_wrong_password_is_told_at_once_in_the_brokers_words_and_not_tried_again()
    {
        var broker = new ScriptedBroker();
        broker.On(ApiKey.SaslHandshake, static (_, _, _) => ScriptedReply.Of(new SaslHandshakeResponse()));
        broker.On(ApiKey.SaslAuthenticate, static (_, _, _) => ScriptedReply.Of(new SaslAuthenticateResponse { ErrorCode = ErrorCode.SaslAuthenticationFailed, ErrorMessage = "no" }));
        await using var client = new KafkaClient(broker.Options() with { Sasl = new PlainCredentials("alice", "secret") });

        var refused = await Assert.ThrowsAsync<KafkaException>(() => client.Cluster.DescribeAsync(TestContext.Current.CancellationToken));

        Assert.Equal("scripted:1: no", refused.Message);
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public async Task Before_a_session_ends_the_client_goes_on_with_a_new_connection()
    {
        var broker = new ScriptedBroker();
        var clock = new TimerClock();
        broker.On(ApiKey.SaslHandshake, static (_, _, _) => ScriptedReply.Of(new SaslHandshakeResponse()));
        broker.On(ApiKey.SaslAuthenticate, static (_, _, _) => ScriptedReply.Of(new SaslAuthenticateResponse { SessionLifetimeMs = 1000 }));
        await using var client = new KafkaClient(broker.Options() with { Sasl = new PlainCredentials("alice", "secret"), Clock = clock });

        await client.Cluster.DescribeAsync(TestContext.Current.CancellationToken);
        var connections = broker.Connections;
        clock.Move(700);
        await client.Cluster.DescribeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(connections, broker.Connections);
        clock.Move(101);
        await client.Cluster.DescribeAsync(TestContext.Current.CancellationToken);
        Assert.True(broker.Connections > connections, "a session that is about to end is used on");
    }

    [Fact]
    public void Credentials_do_not_show_their_secret()
    {
        Assert.Equal("PLAIN", new PlainCredentials("alice", "secret").ToString());
        Assert.Equal("SCRAM-SHA-512", ScramCredentials.Sha512("alice", "secret").ToString());
        Assert.Equal("a bearer token", new BearerToken("secret").ToString());
    }
}
