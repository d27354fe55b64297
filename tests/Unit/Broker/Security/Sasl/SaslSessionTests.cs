using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Security.Sasl.Plain;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl;

/// <summary>What may be sent when, and how a session ends.</summary>
public class SaslSessionTests
{
    [Fact]
    public void A_session_without_an_end_never_ends()
    {
        var session = Entered(lifetime: null);
        Assert.Null(session.Admit(ApiKey.Produce, true, long.MaxValue).Reason);
        Assert.False(session.MayShakeHands(long.MaxValue));
    }

    [Fact]
    public void A_session_that_is_over_takes_nothing_but_a_handshake()
    {
        var session = Entered(lifetime: 1000);
        Assert.Null(session.Admit(ApiKey.Produce, true, 1000).Reason);
        Assert.NotNull(session.Admit(ApiKey.Produce, true, 1001).Reason);
        Assert.NotNull(session.Admit(ApiKey.ApiVersions, true, 1001).Reason);
        Assert.Null(session.Admit(ApiKey.SaslHandshake, true, 1001).Reason);
    }

    [Fact]
    public void Authenticating_again_makes_it_longer()
    {
        var session = Entered(lifetime: 5000);
        Assert.True(session.MayShakeHands(4000));
        session.Begin("PLAIN", Server(), isBare: false, 4000);
        Assert.True(session.Admit(ApiKey.Produce, true, 4001) is { Reason: not null, IsAnswered: true });
        Assert.Null(session.Accept(new SaslIdentity("alice"), 5000, 4100));
        Assert.Null(session.Admit(ApiKey.Produce, true, 9100).Reason);
        Assert.NotNull(session.Admit(ApiKey.Produce, true, 9101).Reason);
    }

    [Fact]
    public void Not_more_often_than_once_a_second()
    {
        var session = Entered(lifetime: 5000);
        session.Begin("PLAIN", Server(), isBare: false, 100);
        session.Accept(new SaslIdentity("alice"), 5000, 110);
        Assert.False(session.MayShakeHands(1099));
        Assert.True(session.MayShakeHands(1100));
    }

    [Fact]
    public void Neither_who_nor_how_may_change()
    {
        var session = Entered(lifetime: 5000);
        session.Begin("PLAIN", Server(), isBare: false, 100);
        Assert.Contains("Cannot change principals", session.Accept(new SaslIdentity("bob"), 5000, 110), StringComparison.Ordinal);
        var other = Entered(lifetime: 5000);
        other.Begin("SCRAM-SHA-256", Server(), isBare: false, 100);
        Assert.Contains("not supported for re-authentication", other.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_takes_too_long_is_late()
    {
        var session = new SaslSession(0);
        Assert.False(session.IsLate(SaslSession.DeadlineMilliseconds));
        Assert.True(session.IsLate(SaslSession.DeadlineMilliseconds + 1));
        Assert.False(Entered(lifetime: 1).IsLate(long.MaxValue));
    }

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(null, 60, 60L)]
    [InlineData(1500L, 0, 500L)]
    [InlineData(1500L, 60, 60L)]
    [InlineData(1020L, 60, 20L)]
    [InlineData(900L, 60, 0L)]
    public void A_session_lasts_as_long_as_its_proof_and_its_listener_let_it(long? expiresAt, long most, long? lifetime) =>
        Assert.Equal(lifetime, SessionLifetime.Of(expiresAt, most, 1000));

    private static SaslSession Entered(long? lifetime)
    {
        var session = new SaslSession(0);
        session.Begin("PLAIN", Server(), isBare: false, 0);
        Assert.Null(session.Accept(new SaslIdentity("alice"), lifetime, 0));
        return session;
    }

    private static PlainServer Server() => new(null, [1]);
}
