using Moldau.Broker.Security.Jaas;
using Xunit;

namespace Moldau.Unit.Broker.Security.Jaas;

public class JaasReaderTests
{
    [Fact]
    public void An_entry_has_a_module_and_options()
    {
        var entry = JaasReader.Read("""org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" user_alice='a"b' user_bob=plain ;""");

        Assert.Equal("org.apache.kafka.common.security.plain.PlainLoginModule", entry.Module);
        Assert.Equal("PlainLoginModule", entry.ShortModule);
        Assert.Equal(new Dictionary<string, string> { ["username"] = "admin", ["user_alice"] = "a\"b", ["user_bob"] = "plain" }, entry.Options);
    }

    [Theory]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("\"a\\\\b\"", "a\\b")]
    [InlineData("\"a;b=c d\"", "a;b=c d")]
    [InlineData("\"a\\tb\\101\"", "a\tbA")]
    [InlineData("\"// no comment /* either */\"", "// no comment /* either */")]
    [InlineData("\"\"", "")]
    [InlineData("\"žluť\"", "žluť")]
    [InlineData("a\\b", "a\\b")]
    public void Quotes_and_escapes_are_those_of_Java(string written, string value) =>
        Assert.Equal(value, JaasReader.Read($"M required p={written};").Options["p"]);

    [Fact]
    public void Comments_and_lines_are_blanks() =>
        Assert.Equal("v", JaasReader.Read("// one\nM /* two */ REQUIRED\n  p = \"v\" // three\n;\n").Options["p"]);

    [Theory]
    [InlineData("", "ends where the name")]
    [InlineData("M", "ends where one of required")]
    [InlineData("M perhaps;", "none of required")]
    [InlineData("M required", "semicolon at the end")]
    [InlineData("M required a;", "no '='")]
    [InlineData("M required a=;", "';' stands where an option's value")]
    [InlineData("M required a=\"secret", "not closed")]
    [InlineData("M required a=\"sec\nret\";", "not closed")]
    [InlineData("M required a=secret a=secret;", "twice")]
    [InlineData("M required; N required;", "follows its semicolon")]
    public void What_is_none_is_refused_without_its_secrets(string text, string fault)
    {
        var refused = Assert.Throws<JaasException>(() => JaasReader.Read(text));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sec", refused.Message.Replace("semicolon", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
