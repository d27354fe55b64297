using Moldau.Broker.Security.Sasl.Kerberos;
using Xunit;

namespace Moldau.Unit.Broker.Security.Sasl.Kerberos;

public class LocalNameRulesTests
{
    [Theory]
    [InlineData("DEFAULT", "alice@REALM", "alice")]
    [InlineData("DEFAULT", "kafka/host@REALM", "kafka")]
    [InlineData("DEFAULT", "alice@OTHER", null)]
    [InlineData("RULE:[1:$1@$0](.*@OTHER)s/@.*//,DEFAULT", "alice@OTHER", "alice")]
    [InlineData("RULE:[1:$1@$0](.*@OTHER)s/@.*//,DEFAULT", "alice@REALM", "alice")]
    [InlineData("RULE:[1:$1@$0](.*@OTHER)s/@.*//", "alice@THIRD", null)]
    [InlineData("RULE:[2:$1](kafka)s/^.*$/broker/", "kafka/host@OTHER", "broker")]
    [InlineData("RULE:[2:$1.$2]s/a/o/g", "kafka/data@OTHER", "kofko.doto")]
    [InlineData("RULE:[2:$1.$2]s/a/o/", "kafka/data@OTHER", "kofka.data")]
    [InlineData("RULE:[1:$1]/L", "ALICE@OTHER", "alice")]
    [InlineData("RULE:[1:$1]/U", "alice@OTHER", "ALICE")]
    [InlineData("RULE:[1:$1@$0]", "alice@OTHER", null)]
    [InlineData("RULE:[1:$1](a{1,3}lice)", "alice@OTHER", "alice")]
    public void The_first_rule_that_fits_makes_the_name(string rules, string principal, string? name) =>
        Assert.Equal(name, LocalNameRules.Read(rules.Split(','), out _)!.Apply(principal, "REALM"));

    [Theory]
    [InlineData("RULE:")]
    [InlineData("RULE:[x:$1]")]
    [InlineData("RULE:[1:$1](*)")]
    [InlineData("SOMETHING")]
    [InlineData("RULE:[1:$1]s/a")]
    public void What_is_no_rule_is_told(string text)
    {
        Assert.Null(LocalNameRules.Read([text], out var fault));
        Assert.Contains(text, fault, StringComparison.Ordinal);
    }
}
