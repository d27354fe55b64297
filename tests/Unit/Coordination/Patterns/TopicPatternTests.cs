using Moldau.Coordination.Groups.Patterns;
using Xunit;

namespace Moldau.Unit.Coordination.Patterns;

public class TopicPatternTests
{
    private const int LongestName = 249;

    [Theory]
    [InlineData("a.c", "abc", true)]
    [InlineData("a.c", "xabcx", false)]
    [InlineData("foo|foobar", "foobar", true)]
    [InlineData("(?i)ORDERS-[[:digit:]]+", "orders-7", true)]
    [InlineData("\\Qa.b\\E", "axb", false)]
    [InlineData("[^_].*", "__consumer_offsets", false)]
    [InlineData("(?:^a$)", "a", true)]
    [InlineData("\\p{Lu}\\pN", "A1", true)]
    [InlineData("x{2,3}", "xxxx", false)]
    [InlineData("", "", true)]
    public void It_matches_whole_names(string expression, string name, bool expected) => Assert.Equal(expected, new TopicPattern(expression).Matches(name));

    [Theory]
    [InlineData("a**", "invalid nested repetition operator")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax")]
    [InlineData("a{1001}", "invalid repeat count")]
    [InlineData("\\1", "invalid escape sequence")]
    [InlineData("[b-a]", "invalid character class range")]
    [InlineData("(a", "missing closing )")]
    [InlineData("((a{0,100}){0,100}){0,100}b", "expression too large")]
    public void What_is_none_is_refused_with_its_reason(string expression, string reason) =>
        Assert.Equal(reason, Assert.Throws<PatternException>(() => new TopicPattern(expression)).Message);

    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|a)*(a|a)*(a|a)*b")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)(.*)(.*)x")]
    [InlineData("(a?){100}a{100}b")]
    [InlineData("((a{0,9}){0,9}){0,9}b")]
    [InlineData(".*a.{20}c")]
    public void No_expression_takes_longer_than_the_name_is_long(string expression) =>
        Assert.False(new TopicPattern(expression).Matches(new string('a', LongestName)));

    [Fact]
    public void Nesting_has_an_end()
    {
        var deep = new string('(', 5000) + new string(')', 5000);
        Assert.Equal("expression nests too deeply", Assert.Throws<PatternException>(() => new TopicPattern(deep)).Message);
        Assert.True(new TopicPattern(new string('(', 900) + "a" + new string(')', 900)).Matches("a"));
    }
}
