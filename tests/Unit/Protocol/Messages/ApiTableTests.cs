using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Protocol.Messages;

public class ApiTableTests
{
    [Fact]
    public void Every_row_is_found_by_its_key_and_no_other_key_is()
    {
        var keys = ApiTable.All.Select(api => (short)api.Key).ToHashSet();

        Assert.NotEmpty(keys);
        for (var key = short.MinValue; key < short.MaxValue; key++)
        {
            Assert.Equal(keys.Contains(key), ApiTable.TryGet(key, out var api));
            if (api is not null) Assert.Equal(key, (short)api.Key);
        }
    }
}
