using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Protocol.Messages;

public class ApiTableTests
{
    [Fact]
    public void Finds_every_row_by_its_key()
    {
        Assert.NotEmpty(ApiTable.All);
        foreach (var api in ApiTable.All) Assert.Same(api, ApiTable.Get(api.Key));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(short.MinValue)]
    [InlineData(short.MaxValue)]
    public void Has_no_api_outside_its_rows(short key)
    {
        Assert.False(ApiTable.TryGet(key, out var api));
        Assert.Null(api);
    }
}
