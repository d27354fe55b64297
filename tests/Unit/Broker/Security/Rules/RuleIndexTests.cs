using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Xunit;

namespace Moldau.Unit.Broker.Security.Rules;

public class RuleIndexTests
{
    private static readonly AclRecord ReadsAll = Rule("*", AclOperation.Read);

    [Fact]
    public void Nothing_is_allowed_without_a_rule() => Assert.False(Asks([], AclOperation.Read, "t"));

    [Fact]
    public void Without_a_rule_of_the_resource_everybody_may_where_that_is_set()
    {
        AclRecord[] rules = [Rule("t", AclOperation.Read, principal: "User:bob")];
        Assert.True(Asks(rules, AclOperation.Read, "other", allowsWithoutRules: true));
        Assert.False(Asks(rules, AclOperation.Read, "t", allowsWithoutRules: true));
    }

    [Theory]
    [InlineData("t", AclPattern.Literal, "t", true)]
    [InlineData("t", AclPattern.Literal, "tt", false)]
    [InlineData("t", AclPattern.Prefixed, "tt", true)]
    [InlineData("t", AclPattern.Prefixed, "t", true)]
    [InlineData("tt", AclPattern.Prefixed, "t", false)]
    [InlineData("*", AclPattern.Literal, "anything", true)]
    [InlineData("*", AclPattern.Prefixed, "anything", false)]
    [InlineData("*", AclPattern.Prefixed, "*anything", true)]
    public void Names_are_meant_whole_or_as_beginnings(string rule, AclPattern pattern, string name, bool isAllowed) =>
        Assert.Equal(isAllowed, Asks([Rule(rule, AclOperation.Read, pattern)], AclOperation.Read, name));

    [Fact]
    public void A_denial_wins_wherever_it_stands()
    {
        Assert.False(Asks([ReadsAll, Rule("t", AclOperation.Read, permission: AclPermission.Deny)], AclOperation.Read, "t"));
        Assert.False(Asks([ReadsAll, Rule("t", AclOperation.All, AclPattern.Prefixed, AclPermission.Deny)], AclOperation.Read, "tt"));
        Assert.False(Asks([Rule("t", AclOperation.Read), Rule("*", AclOperation.Read, permission: AclPermission.Deny, principal: "User:*")], AclOperation.Read, "t"));
        Assert.True(Asks([ReadsAll, Rule("t", AclOperation.Write, permission: AclPermission.Deny)], AclOperation.Read, "t"));
    }

    [Fact]
    public void What_is_allowed_implies_that_it_is_known_of_and_what_is_denied_implies_nothing()
    {
        foreach (var operation in (AclOperation[])[AclOperation.Read, AclOperation.Write, AclOperation.Delete, AclOperation.Alter, AclOperation.All])
            Assert.True(Asks([Rule("t", operation)], AclOperation.Describe, "t"));
        Assert.False(Asks([Rule("t", AclOperation.Create)], AclOperation.Describe, "t"));
        Assert.True(Asks([Rule("t", AclOperation.AlterConfigs)], AclOperation.DescribeConfigs, "t"));
        Assert.False(Asks([Rule("t", AclOperation.AlterConfigs)], AclOperation.Describe, "t"));
        Assert.True(Asks([Rule("t", AclOperation.Describe), Rule("t", AclOperation.Read, permission: AclPermission.Deny)], AclOperation.Describe, "t"));
    }

    [Theory]
    [InlineData("*", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.0/8", "10.0.0.7", false)]
    [InlineData("0:0:0:0:0:0:0:1", "::1", true)]
    [InlineData("fe80:0:0:0:0:0:1:2", "fe80::1:2%3", true)]
    public void Hosts_are_addresses_as_Java_writes_them(string host, string address, bool isAllowed) =>
        Assert.Equal(isAllowed, Asks([Rule("t", AclOperation.Read, host: host)], AclOperation.Read, "t", address: address));

    [Fact]
    public void Whether_there_is_any_name_heeds_denials_that_cover_all_that_is_allowed()
    {
        Assert.False(Asks([], AclOperation.Write, null));
        Assert.True(Asks([Rule("t", AclOperation.Write)], AclOperation.Write, null));
        Assert.False(Asks([Rule("t", AclOperation.Write), Rule("t", AclOperation.Write, permission: AclPermission.Deny)], AclOperation.Write, null));
        Assert.False(Asks([Rule("tt", AclOperation.Write), Rule("t", AclOperation.Write, AclPattern.Prefixed, AclPermission.Deny)], AclOperation.Write, null));
        Assert.True(Asks([Rule("t", AclOperation.Write, AclPattern.Prefixed), Rule("tt", AclOperation.Write, AclPattern.Prefixed, AclPermission.Deny)], AclOperation.Write, null));
        Assert.False(Asks([Rule("t", AclOperation.Write), Rule("*", AclOperation.Write, permission: AclPermission.Deny)], AclOperation.Write, null));
    }

    private static bool Asks(AclRecord[] rules, AclOperation operation, string? name, bool allowsWithoutRules = false, string address = "10.0.0.7") =>
        new RuleIndex(rules, allowsWithoutRules).Decide(new Question(new Subject(new Principal(Principal.UserType, "alice"), address, isSuper: false), operation, AclResource.Topic, name));

    private static AclRecord Rule(
        string name, AclOperation operation, AclPattern pattern = AclPattern.Literal, AclPermission permission = AclPermission.Allow, string principal = "User:alice", string host = "*") =>
        new(AclResource.Topic, pattern, name, principal, host, operation, permission);
}
