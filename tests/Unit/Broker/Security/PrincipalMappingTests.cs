using Moldau.Broker.Security.Certificates;
using Xunit;

namespace Moldau.Unit.Broker.Security;

/// <summary>Rules from subjects to principals: each row was asked of Kafka 4.3.1.</summary>
public class PrincipalMappingTests
{
    private const string Subject = "CN=Kafka-1,OU=Ops,O=Moldau,C=DE";

    [Theory]
    [InlineData("DEFAULT", "CN=Kafka-1,OU=Ops,O=Moldau,C=DE")]
    [InlineData("RULE:^CN=(.*?),OU=(.*?),.*$/$1@$2/", "Kafka-1@Ops")]
    [InlineData("RULE:^CN=(.*?),.*$/$1/L", "kafka-1")]
    [InlineData("RULE:^CN=(.*?),.*$/$1/U", "KAFKA-1")]
    [InlineData("RULE:^X/a/,DEFAULT", "CN=Kafka-1,OU=Ops,O=Moldau,C=DE")]
    [InlineData("RULE:^X/a/", null)]
    [InlineData("RULE:.*/x/", "xx")]
    [InlineData("RULE:CN=(.*?)/<$1>/", "<>Kafka-1,OU=Ops,O=Moldau,C=DE")]
    [InlineData("RULE:^CN=(.*?),.*$/$2/", "$2")]
    [InlineData("RULE:^CN=([^,]*),OU=([^,]*),.*$/$2$1x$11/", "OpsKafka-1xKafka-11")]
    [InlineData("RULE:^CN=(.*?),.*$/a\\/b\\$1-$1/", "a/b$1-Kafka-1")]
    [InlineData("RULE:^CN=(.*?),.*$/a,b/L , DEFAULT", "a,b")]
    [InlineData("RULE:^CN=(?<n>.*),OU=.*$/${n}/", "Kafka-1")]
    [InlineData("RULE:(.*)/$0!/", "CN=Kafka-1,OU=Ops,O=Moldau,C=DE!!")]
    [InlineData(" RULE:^CN=(.*?),.*$/$1/L,,DEFAULT ", "kafka-1")]
    [InlineData("RULE:^CN=(.*?),.*$/\\\\/", "\\")]
    [InlineData("RULE:/a/", null)]
    [InlineData("RULE:.*//", "")]
    [InlineData("RULE:^cn=(.*?),.*$/$1/, RULE:^CN=(.*?),.*$/second/", "second")]
    [InlineData("DEFAULT ,", "CN=Kafka-1,OU=Ops,O=Moldau,C=DE")]
    public void A_subject_maps_as_in_Kafka(string rules, string? name) => Assert.Equal(name, PrincipalMapping.Parse(rules, out _)!.Map(Subject));

    [Theory]
    [InlineData("")]
    [InlineData("RULE:^CN=(.*?),.*$/$1/LU")]
    [InlineData("RULE:^CN=(.*?),.*$/$1")]
    [InlineData("RULE:^CN=([^,]*),.*$/$1/l")]
    [InlineData("DEFAULT/x/")]
    [InlineData("RULE:^CN=(.*$/x/")]
    [InlineData("FOO")]
    [InlineData("DEFAULT,FOO")]
    [InlineData("RULE:^CN=(.*),OU=.*$/${1}/")]
    [InlineData("RULE:^CN=(.*?),.*$/$/")]
    [InlineData("default")]
    [InlineData("RULE:^CN=(.*?),.*$/$1/L x")]
    public void What_is_no_rule_is_refused_with_what_would_be(string rules)
    {
        Assert.Null(PrincipalMapping.Parse(rules, out var fault));
        Assert.Contains("ssl.principal.mapping.rules", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_takes_for_ever_over_a_name_gives_none() =>
        Assert.Null(PrincipalMapping.Parse("RULE:(a+)+/x/,DEFAULT", out _)!.Map(new string('a', 64) + "!"));
}
