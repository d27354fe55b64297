using Moldau.Host.Commands;
using Xunit;

namespace Moldau.Unit.Host.Commands;

public class ProgramVersionTests
{
    [Theory]
    [InlineData("0.1.0+0123456789abcdef0123", "moldau 0.1.0 (commit 0123456789ab, .NET 10.0.3)")]
    [InlineData("0.1.0+0123", "moldau 0.1.0 (commit 0123, .NET 10.0.3)")]
    [InlineData("0.1.0", "moldau 0.1.0 (.NET 10.0.3)")]
    public void Names_the_commit_where_there_is_one(string informational, string text) =>
        Assert.Equal(text, ProgramVersion.Describe(informational, new Version(10, 0, 3)));
}
