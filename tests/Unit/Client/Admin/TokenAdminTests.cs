using Moldau.Client;
using Moldau.Client.Security;
using Moldau.Protocol.Errors;
using Moldau.Testing;
using Moldau.Unit.Broker.Serving.Security;
using Xunit;

namespace Moldau.Unit.Client.Admin;

public class TokenAdminTests
{
    [Fact]
    public async Task A_token_lets_its_holder_in_until_it_is_ended()
    {
        await using var broker = await StartAsync();
        await using var alice = Connect(broker, new PlainCredentials("alice", "wonder"));
        var cancellation = TestContext.Current.CancellationToken;
        var token = await alice.Tokens.CreateAsync(["User:bob"], TimeSpan.FromHours(1), cancellation: cancellation);
        Assert.Equal("User:alice", token.Owner);
        Assert.Equal(["User:bob"], token.Renewers);
        Assert.Equal(TimeSpan.FromHours(1), token.Ends - token.Issued);
        Assert.DoesNotContain(token.Password, token.ToString(), StringComparison.Ordinal);

        await using (var holder = Connect(broker, ScramCredentials.Sha256(token.Id, token.Password, isToken: true)))
        {
            Assert.Equal(broker.ClusterId, (await holder.Cluster.DescribeAsync(cancellation)).Id);
            var refused = await Assert.ThrowsAsync<KafkaException>(() => holder.Tokens.CreateAsync(cancellation: cancellation));
            Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, refused.Code);
        }

        var listed = Assert.Single(await alice.Tokens.ListAsync(["User:alice"], cancellation));
        Assert.Equal((token.Id, token.Password, token.Ends), (listed.Id, listed.Password, listed.Ends));
        Assert.Empty(await alice.Tokens.ListAsync(["User:nobody"], cancellation));

        await using (var bob = Connect(broker, new PlainCredentials("bob", "builder")))
            Assert.InRange(await bob.Tokens.RenewAsync(token, TimeSpan.FromMinutes(30), cancellation), token.Issued.AddMinutes(30), token.Issued.AddMinutes(40));
        await alice.Tokens.ExpireAsync(token, cancellation: cancellation);
        Assert.Empty(await alice.Tokens.ListAsync(cancellation: cancellation));
        var gone = await Assert.ThrowsAsync<KafkaException>(() => alice.Tokens.RenewAsync(token, cancellation: cancellation));
        Assert.Equal(ErrorCode.DelegationTokenNotFound, gone.Code);
    }

    [Fact]
    public async Task A_name_without_a_type_is_refused_with_how_it_is_spelt()
    {
        await using var alice = new KafkaClient(new());
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => alice.Tokens.CreateAsync(["bob"], cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("User:bob", refused.Message, StringComparison.Ordinal);
    }

    private static Task<EmbeddedBroker> StartAsync() => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
    {
        Settings = SaslTalk.Settings("PLAIN,SCRAM-SHA-256", ("delegation.token.secret.key", "the cluster's secret")),
    });

    private static KafkaClient Connect(EmbeddedBroker broker, SaslCredentials credentials) => new(new() { Bootstrap = broker.BootstrapServers, Sasl = credentials });
}
