using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Moldau.Broker.Settings.Start;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Security;

/// <summary>What is spoken over TLS, with whom, and in which versions.</summary>
public class TlsServingTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Records_go_there_and_back(SslProtocols version)
    {
        await using var broker = await TlsBroker.StartAsync();
        using var client = await broker.ConnectAsync(protocols: version);
        Assert.Equal(version, client.Tls!.SslProtocol);
        await client.CreateAsync("t");
        var value = new string('x', 200_000);
        for (var i = 0; i < 20; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(value + i)));
        for (var i = 0; i < 20; i++) Assert.Equal(i, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].BaseOffset);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => value + i), await ConnectionTests.ValuesAsync(client, "t"));
        Assert.Equal((1, 0), (broker.Broker.Server.Connections.Tls.Completed, broker.Broker.Server.Connections.Tls.UnderWay));
        Assert.Equal("User:ANONYMOUS", (await PrincipalOfAsync(broker, client)).ToString());
    }

    [Fact]
    public async Task Versions_and_suites_that_are_not_enabled_are_refused()
    {
        await using var broker = await TlsBroker.StartAsync(("ssl.enabled.protocols", "TLSv1.2"), ("ssl.cipher.suites", "ECDHE-ECDSA-AES256-GCM-SHA384"));
        await Assert.ThrowsAnyAsync<Exception>(() => broker.ConnectAsync(protocols: SslProtocols.Tls13));
        using var client = await broker.ConnectAsync();
        Assert.Equal((SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384), (client.Tls!.SslProtocol, client.Tls.NegotiatedCipherSuite));
        await broker.Lines.WaitForAsync("1007 TLS with 127.0.0.1");
        Assert.Equal(1, broker.Broker.Server.Connections.Tls.Broken);
    }

    [Fact]
    public async Task Each_listener_tells_its_own_address()
    {
        await using var broker = await TlsBroker.StartAsync(
            ("listeners", "OUTSIDE://127.0.0.1:0,INSIDE://127.0.0.1:0"), ("listener.security.protocol.map", "OUTSIDE:SSL,INSIDE:PLAINTEXT"),
            ("advertised.listeners", "OUTSIDE://broker.example.org:9443,INSIDE://inside.example.org:9092"),
            ("listener.name.outside.ssl.keystore.location", "/server.pem"), ("ssl.keystore.location", "/nothing"));
        using var outside = await broker.ConnectAsync();
        using var inside = await Conversation.ConnectAsync(broker.Plain);
        foreach (var (client, host, port) in new[] { (outside, "broker.example.org", 9443), (inside, "inside.example.org", 9092) })
        {
            var told = (await TlsBroker.AskAsync(client)).Brokers[0];
            Assert.Equal((host, port), (told.Host, told.Port));
            var described = (await client.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest { EndpointType = 1 })).Brokers[0];
            Assert.Equal((host, port), (described.Host, described.Port));
            FindCoordinatorResponse.Coordinator found;
            do found = (await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["g"] })).Coordinators[0];
            while (found.ErrorCode != Moldau.Protocol.Errors.ErrorCode.None);
            Assert.Equal((host, port), (found.Host, found.Port));
        }
    }

    [Fact]
    public async Task A_good_certificate_names_the_principal_by_the_rules_and_others_do_not_come_in()
    {
        await using var broker = await TlsBroker.StartAsync(("ssl.client.auth", "required"), ("ssl.principal.mapping.rules", "RULE:^CN=([^,]*),O=Moldau$/$1/U"));
        foreach (var version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
        {
            // The second takes the first one's session up again, where the system does: it is the same person.
            for (var i = 0; i < 3; i++)
            {
                using var client = await broker.ConnectAsync(TestCertificates.Shared.Client("pay"), version);
                Assert.Equal("User:PAY", (await PrincipalOfAsync(broker, client)).ToString());
            }

            var stranger = new TestCertificates("Stranger");
            var forger = new TestCertificates("Moldau test authority");
            var early = TestCertificates.Shared.Issue("CN=pay,O=Moldau", new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2020, 2, 1, 0, 0, 0, TimeSpan.Zero));
            var server = TestCertificates.Shared.Issue("CN=pay,O=Moldau", new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), "1.3.6.1.5.5.7.3.1");
            var nobody = TestCertificates.Shared.Issue("CN=pay,O=Other", new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
            foreach (var certificate in new[] { stranger.Client("pay"), forger.Client("pay"), early, server, nobody, stranger.Authority, null }) await AssertRefusedAsync(broker, certificate, version);
        }

        await broker.Lines.WaitForAsync("it shows no certificate, and must (ssl.client.auth)");
        await broker.Lines.WaitForAsync("no rule of ssl.principal.mapping.rules gives a name to CN=pay,O=Other");
        Assert.Equal((14, 6), (broker.Broker.Server.Connections.Tls.Refused, broker.Broker.Server.Connections.Tls.Completed));
    }

    [Fact]
    public async Task A_certificate_that_may_be_shown_must_be_good()
    {
        await using var broker = await TlsBroker.StartAsync(("ssl.client.auth", "requested"));
        using (var unknown = await broker.ConnectAsync()) Assert.Equal("User:ANONYMOUS", (await PrincipalOfAsync(broker, unknown)).ToString());
        using (var known = await broker.ConnectAsync(TestCertificates.Shared.Client("a,b"))) Assert.Equal(@"User:CN=a\,b,O=Moldau", (await PrincipalOfAsync(broker, known)).ToString());
        await AssertRefusedAsync(broker, new TestCertificates("Stranger").Client("pay"), SslProtocols.Tls13);
    }

    [Theory]
    [InlineData("ssl.keystore.location", "", "there is no certificate")]
    [InlineData("ssl.keystore.location", "/nothing", "there is no such file")]
    [InlineData("ssl.keystore.location", "/trusted.pem", "/trusted.pem has no private key")]
    [InlineData("ssl.enabled.protocols", "TLSv1.1", "TLSv1.1 in ssl.enabled.protocols is broken")]
    [InlineData("ssl.cipher.suites", "TLS_AES_128_GCM_SHA255", "did you mean TLS_AES_128_GCM_SHA256?")]
    [InlineData("ssl.principal.mapping.rules", "RULE:x", "is no rule")]
    [InlineData("ssl.truststore.location", "", "nobody said who may issue them")]
    public async Task What_cannot_be_served_is_told_at_the_start(string name, string value, string fault)
    {
        var refused = await Assert.ThrowsAsync<StartSettingsException>(() => TlsBroker.StartAsync(("ssl.client.auth", "required"), (name, value)));
        Assert.Contains("listener SSL cannot speak SSL: ", Assert.Single(refused.Faults), StringComparison.Ordinal);
        Assert.Contains(fault, refused.Faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAINTEXT://0.0.0.0:0", "none", false)]
    [InlineData("PLAINTEXT://:0", "none", false)]
    [InlineData("SSL://0.0.0.0:0", "requested", false)]
    [InlineData("SSL://0.0.0.0:0", "required", true)]
    [InlineData("PLAINTEXT://127.0.0.1:0,SSL://127.0.0.2:0", "none", true)]
    public async Task Nobody_is_let_in_from_elsewhere_without_a_name(string listeners, string clientAuth, bool isPossible)
    {
        (string, string)[] settings = [("listeners", listeners), ("ssl.client.auth", clientAuth)];
        if (isPossible)
        {
            await (await TlsBroker.StartAsync(settings)).DisposeAsync();
            return;
        }

        var refused = await Assert.ThrowsAsync<StartSettingsException>(() => TlsBroker.StartAsync(settings));
        Assert.Contains("would let anybody in", refused.Message, StringComparison.Ordinal);
        Assert.Contains("moldau.allow.anonymous=true", refused.Message, StringComparison.Ordinal);
        await (await TlsBroker.StartAsync([.. settings, ("moldau.allow.anonymous", "true")])).DisposeAsync();
    }

    private static async Task AssertRefusedAsync(TlsBroker broker, System.Security.Cryptography.X509Certificates.X509Certificate2? certificate, SslProtocols version)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var client = await broker.ConnectAsync(certificate, version);
            await TlsBroker.AskAsync(client);
        });
        Assert.True(failure is IOException or AuthenticationException or SocketException, failure.ToString());
    }

    private static async Task<Moldau.Broker.Security.Principal> PrincipalOfAsync(TlsBroker broker, Conversation client)
    {
        await TlsBroker.AskAsync(client);
        return broker.Principal!;
    }
}
