using System.Text.RegularExpressions;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Kafka's own command line tools print the same for both brokers.</summary>
public sealed partial class KafkaToolTests(BrokerPair brokers, ITestOutputHelper output) : IClassFixture<BrokerPair>
{
    [Fact]
    public async Task Tools_print_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        var theirs = await new ToolComparison(brokers, output).RunAsync("tools");
        Assert.Equal("Created topic tools.\n", theirs[0]);
    }

    [Fact]
    public async Task The_page_has_a_row_for_every_tool_there_is()
    {
        KafkaJars.Require();
        var tools = (await ChildProcess.RunAsync("the names of Kafka's tools", TimeSpan.FromSeconds(60), KafkaJars.Script, ["tools"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = ToolRow().Matches(ToolComparison.Page).ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value != "not yet");
        var commands = ToolScript.Held.SelectMany(ToolScript.CommandsOf).ToList();
        Assert.Equal(tools.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ToolScript.Names.Order(StringComparer.Ordinal), rows.Where(static row => row.Value).Select(static row => row.Key).Order(StringComparer.Ordinal));
        Assert.All(ToolScript.Names, name => Assert.Contains(commands, command => command.StartsWith(name + " ", StringComparison.Ordinal) || command == name));
        Assert.All(ToolComparison.Different, command => Assert.Contains(command, commands));
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \| ([^|]*?) \|", RegexOptions.Multiline)]
    private static partial Regex ToolRow();
}
