using System.Text;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>A listener that authenticates, from its socket.</summary>
public class SaslServingTests
{
    [Fact]
    public async Task Whoever_knows_a_password_enters_and_is_known_by_his_name()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using var client = await broker.ConnectAsync();

        await client.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 3, new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" });
        var hands = await client.ShakeHandsAsync("PLAIN");
        var inside = await client.SayAsync("\0alice\0wonder");

        Assert.Equal(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], hands.Mechanisms);
        Assert.Equal((ErrorCode.None, 0L), (inside.ErrorCode, inside.SessionLifetimeMs));
        Assert.Single((await client.MetadataAsync()).Brokers);
        Assert.Equal("User:alice", broker.Server.Connections.OnlyPrincipal.ToString());
        Assert.Equal(1, broker.Server.ListenerFacts[0].Authentication.Succeeded);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_ends_the_connection()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        foreach (var (name, password) in new[] { ("alice", "Wonder"), ("nobody", "wonder"), ("o\0dd", "x") })
        {
            using var client = await broker.ConnectAsync();
            var refused = await client.PlainAsync(name, password);
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, refused.ErrorCode);
            Assert.NotNull(refused.ErrorMessage);
            await client.ExpectClosedAsync();
        }

        Assert.Equal((3L, 0L), (broker.Server.ListenerFacts[0].Authentication.Failed, broker.Server.ListenerFacts[0].Authentication.Succeeded));
    }

    [Fact]
    public async Task A_failure_is_told_late()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", ("connection.failed.authentication.delay.ms", "400")));
        using var client = await broker.ConnectAsync();
        var began = TimeProvider.System.GetTimestamp();
        await client.PlainAsync("alice", "wrong");
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds >= 400);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_mechanism_that_is_not_offered_is_answered_with_those_that_are()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("SCRAM-SHA-512"));
        foreach (var mechanism in new[] { "PLAIN", "GSSAPI", "", "plain", "x\n\u001b[2J" })
        {
            using var client = await broker.ConnectAsync();
            var refused = await client.ShakeHandsAsync(mechanism);
            Assert.Equal(ErrorCode.UnsupportedSaslMechanism, refused.ErrorCode);
            Assert.Equal(["SCRAM-SHA-512"], refused.Mechanisms);
            await client.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task After_a_handshake_of_version_0_tokens_are_bare()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using (var client = await broker.ConnectAsync())
        {
            await client.ShakeHandsAsync("PLAIN", 0);
            await client.SendTokenAsync("\0alice\0wonder"u8.ToArray());
            Assert.Empty(await client.ReceiveRawAsync());
            Assert.Single((await client.MetadataAsync()).Brokers);
        }

        using var stranger = await broker.ConnectAsync();
        await stranger.ShakeHandsAsync("PLAIN", 0);
        await stranger.SendTokenAsync("\0alice\0wrong"u8.ToArray());
        await stranger.ExpectClosedAsync();
    }

    [Fact]
    public async Task Before_authentication_nothing_else_is_answered()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        foreach (var key in new[] { ApiKey.Metadata, ApiKey.Produce, ApiKey.SaslAuthenticate, ApiKey.CreateTopics })
        {
            using var client = await broker.ConnectAsync();
            await client.SendAsync(key, ApiTable.Get(key).HighestVersion, ApiTable.Get(key).NewRequest());
            await client.ExpectClosedAsync();
        }

        using var twice = await broker.ConnectAsync();
        await twice.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
        await twice.SendAsync(ApiKey.ApiVersions, 0, new ApiVersionsRequest());
        await twice.ExpectClosedAsync();
        Assert.Equal(5, broker.Server.ListenerFacts[0].Authentication.Failed);
    }

    [Fact]
    public async Task A_request_between_the_tokens_is_refused_and_ends_the_connection()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        using var client = await broker.ConnectAsync();
        await client.ShakeHandsAsync("PLAIN");
        var refused = await client.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 0, new DescribeClusterRequest());
        Assert.Equal(ErrorCode.IllegalSaslState, refused.ErrorCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Whoever_is_in_or_need_not_ask_is_told_so()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", ("listeners", "SASL_PLAINTEXT://127.0.0.1:0,PLAINTEXT://127.0.0.1:0")));
        using var inside = await broker.ConnectAsync();
        await inside.PlainAsync("alice", "wonder");
        using var open = await Conversation.ConnectAsync(broker.Server.Addresses[1]);
        foreach (var client in new[] { inside, open })
        {
            Assert.Equal(ErrorCode.IllegalSaslState, (await client.ShakeHandsAsync("PLAIN")).ErrorCode);
            Assert.Equal(ErrorCode.IllegalSaslState, (await client.SayAsync("\0alice\0wonder")).ErrorCode);
            Assert.Single((await client.MetadataAsync()).Brokers);
        }
    }

    [Fact]
    public async Task Large_frames_are_for_those_who_are_known()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", ("sasl.server.max.receive.size", "1000")));
        using var large = await broker.ConnectAsync();
        await large.ShakeHandsAsync("PLAIN");
        await large.SendRawAsync(new byte[] { 0, 0, 0x03, 0xe9 });
        await large.ExpectClosedAsync();

        using var known = await broker.ConnectAsync();
        await known.PlainAsync("alice", "wonder");
        var many = new MetadataRequest { Topics = [], AllowAutoTopicCreation = false };
        for (var i = 0; i < 100; i++) many.Topics.Add(new MetadataRequest.Topic { Name = $"a-topic-that-is-not-there-{i}" });
        Assert.Equal(100, (await known.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, many)).Topics.Count);
    }

    [Fact]
    public async Task Garbage_ends_the_connection_at_every_step()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings());
        byte[][] garbage = [[0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0, 0, 0, 2, 0, 17]];
        foreach (var bytes in garbage)
        {
            using var before = await broker.ConnectAsync();
            await before.SendRawAsync(bytes);
            // What looks like the beginning of a frame waits for its rest, until the deadline.
            if (bytes[0] != 0x16) await before.ExpectClosedAsync();
            using var amid = await broker.ConnectAsync();
            await amid.ShakeHandsAsync("PLAIN");
            await amid.SendRawAsync(bytes);
            await amid.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task Odd_letters_stay_what_they_are()
    {
        const string name = "O=Žluť, CN=\"x\\y\"; DROP\t\u202e";
        var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN",
            ("listener.name.sasl_plaintext.plain.sasl.jaas.config", $"PlainLoginModule required \"user_{quoted}\"=\"pw\";")));
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await client.PlainAsync(name, "pw")).ErrorCode);
        Assert.Equal("User:" + name, broker.Server.Connections.OnlyPrincipal.ToString());
    }

    [Theory]
    [InlineData("sasl.enabled.mechanisms", "KERBEROS_V4", "KERBEROS_V4")]
    [InlineData("sasl.enabled.mechanisms", "", "nobody could enter")]
    [InlineData("sasl.enabled.mechanisms", "GSSAPI", "GSSAPI")]
    [InlineData("sasl.enabled.mechanisms", "OAUTHBEARER", "needs the keys")]
    [InlineData("listener.name.sasl_plaintext.plain.sasl.jaas.config", "PlainLoginModule required user_a=\"geheim", "not closed")]
    [InlineData("listener.name.sasl_plaintext.plain.sasl.jaas.config", "ScramLoginModule required;", "takes PlainLoginModule")]
    public void What_a_listener_cannot_do_is_told_at_the_start(string setting, string value, string fault)
    {
        var layers = Moldau.Broker.Settings.SettingLayers.Empty with { Start = SaslTalk.Settings("PLAIN", (setting, value)) };
        var faults = string.Join('\n', Moldau.Broker.Settings.BrokerRules.Faults(layers).Select(static one => one.Fault));
        Assert.Contains(fault, faults, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", faults, StringComparison.Ordinal);
    }

    /// <summary>The break: a mechanism that lets everybody in is noticed by the same questions.</summary>
    [Fact]
    public async Task A_broker_that_lets_everybody_in_is_noticed()
    {
        await using var broker = await TestBroker.StartAsync(options => options with { Wrap = static (key, handler) => key == ApiKey.SaslAuthenticate ? new LetsEverybodyIn() : handler }, settings: SaslTalk.Settings());
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await client.PlainAsync("alice", "wrong")).ErrorCode);
        // The connection itself still knows that nobody was authenticated.
        await client.SendAsync(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });
        Assert.NotEmpty(await client.ReceiveRawAsync());
        await client.ExpectClosedAsync();
    }

    private sealed class LetsEverybodyIn : Moldau.Broker.Requests.RequestHandler
    {
        public override void Start(Moldau.Broker.Requests.Exchange exchange) => exchange.Complete();

        public override void Refuse(Moldau.Broker.Requests.Exchange exchange, ErrorCode error, string? message)
        {
        }
    }
}
