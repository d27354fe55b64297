using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Kafka's tools that know of share groups, on brokers of their own: what groups there are is looked at.</summary>
public sealed class ShareToolTests(SharingPair brokers, ITestOutputHelper output) : IClassFixture<SharingPair>
{
    [Fact]
    public async Task Tools_print_the_same_of_share_groups_for_both_brokers()
    {
        KafkaJars.Require();
        var theirs = await new ToolComparison(brokers, output).RunAsync("share");
        Assert.Equal("Created topic shared.\n", theirs[0]);
    }
}
