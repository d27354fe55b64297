using System.Text.Json;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Host.Commands;

public class ApiCommandTests
{
    [Fact]
    public void Text_has_a_line_for_every_api_under_the_headings()
    {
        var lines = CommandLineRun.Of("api").Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(ApiTable.All.Count + 1, lines.Length);
        Assert.Equal(["KEY", "NAME", "VERSIONS", "ADVERTISED", "FLEXIBLE"], Cells(lines[0]));
        Assert.Equal(["0", "Produce"], Cells(lines[1])[..2]);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void Json_says_the_same_as_the_table_of_apis()
    {
        using var json = JsonDocument.Parse(CommandLineRun.Of("api", "--format", "json").Output);

        Assert.Equal(ApiTable.All.Count, json.RootElement.GetArrayLength());
        foreach (var (row, api) in json.RootElement.EnumerateArray().Zip(ApiTable.All))
        {
            Assert.Equal((short)api.Key, row.GetProperty("key").GetInt16());
            Assert.Equal(api.Name, row.GetProperty("name").GetString());
            Assert.Equal(api.LowestVersion, row.GetProperty("lowestVersion").GetInt16());
            Assert.Equal(api.HighestVersion, row.GetProperty("highestVersion").GetInt16());
            Assert.Equal(api.LowestAdvertisedVersion, row.GetProperty("lowestAdvertisedVersion").GetInt16());
        }
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
