using System.Text.Json;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Host.Commands;

public class ErrorCommandTests
{
    [Theory]
    [InlineData("-1", "UNKNOWN_SERVER_ERROR")]
    [InlineData("6", "NOT_LEADER_OR_FOLLOWER")]
    [InlineData("unknown_member_id", "UNKNOWN_MEMBER_ID")]
    public void One_error_is_found_by_number_or_name(string given, string name)
    {
        var run = CommandLineRun.Of("error", given);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(name, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_all_are_listed()
    {
        using var json = JsonDocument.Parse(CommandLineRun.Of("error", "--format", "json").Output);

        Assert.Equal(ErrorTable.All.Length, json.RootElement.GetArrayLength());
        Assert.Equal(-1, json.RootElement[0].GetProperty("code").GetInt16());
        Assert.Equal("NONE", json.RootElement[1].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("NOT_CONTROLER", "no error is named 'NOT_CONTROLER'; did you mean 'NOT_CONTROLLER'?")]
    [InlineData("20000", "no error has the code 20000; they go from -1 to ")]
    public void An_unknown_error_is_a_misuse(string given, string told)
    {
        var run = CommandLineRun.Of("error", given);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"moldau: {told}", run.Error, StringComparison.Ordinal);
    }
}
