using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Broker.Timing;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Security;

public class AuditLogTests
{
    private static readonly Subject Alice = new(new Principal(Principal.UserType, "alice"), "10.0.0.7", isSuper: false);

    [Fact]
    public void Refusals_are_listed_up_to_a_number_a_second_and_the_rest_is_counted()
    {
        var (lines, clock) = (new KeptLines(), new TimerClock());
        using var delays = new Delays(clock);
        var audit = new AuditLog(lines, delays);
        for (var i = 0; i < AuditLog.MostDenials + 5; i++) audit.Denied(Alice, ApiKey.Produce, AclOperation.Write, AclResource.Topic, $"t{i}");
        Assert.Equal(AuditLog.MostDenials, lines.Lines.Count);
        Assert.Equal("denied: User:alice at 10.0.0.7 may not Write Topic t0 (Produce)", lines.Lines[0]);

        clock.Move(1001);
        Assert.Equal("denied: 5 more within a second, which are not listed", lines.Lines[^1]);

        audit.Denied(Alice, ApiKey.Fetch, AclOperation.Read, AclResource.Topic, "u");
        Assert.Equal("denied: User:alice at 10.0.0.7 may not Read Topic u (Fetch)", lines.Lines[^1]);
        clock.Move(1001);
        Assert.Equal(AuditLog.MostDenials + 2, lines.Lines.Count);
    }

    [Fact]
    public void Changes_are_all_listed()
    {
        var lines = new KeptLines();
        using var delays = new Delays(new TimerClock());
        new AuditLog(lines, delays).Changed(Alice.Principal, "10.0.0.7", "created", "topic", "a\nb");
        Assert.Equal(["User:alice at 10.0.0.7 created topic \"a\\u000ab\""], lines.Lines);
    }

    [Theory]
    [InlineData("plain-name.1_x", "plain-name.1_x")]
    [InlineData("CN=Ada,O=x", "CN=Ada,O=x")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a\"b", "\"a\\u0022b\"")]
    [InlineData("a\\u0022b", "\"a\\u005cu0022b\"")]
    [InlineData("a\r\n\u001b[2Jb", "\"a\\u000d\\u000a\\u001b[2Jb\"")]
    [InlineData("a\u202eb", "\"a\\u202eb\"")]
    [InlineData("Žižka", "Žižka")]
    public void Odd_names_end_no_line_and_hide_nothing(string name, string shown) => Assert.Equal(shown, LogText.Escape(name));

    [Fact]
    public void Half_a_character_is_shown_as_one() => Assert.Equal("\"\\ud800\"", LogText.Escape("\ud800"));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal("\"" + new string('a', 300) + "\"...", LogText.Escape(new string('a', 5000)));
}
