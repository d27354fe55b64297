using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Moldau.Testing.Releases;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Testing;

public class KafkaReleaseTests
{
    public static TheoryData<string> Names => [.. KafkaRelease.All.Select(static release => release.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_release_offers_is_what_is_answered_and_nothing_else_is_served(string name)
    {
        var release = KafkaRelease.Find(name);
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = name });
        using var client = await Conversation.ConnectAsync(broker.Address);
        var highest = Math.Min(release.Ranges[ApiKey.ApiVersions].Highest, ApiTable.Get(ApiKey.ApiVersions).HighestVersion);
        var request = new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" };
        var answer = await client.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, highest, request);
        foreach (var offered in answer.ApiKeys) Assert.Equal(release.Ranges[(ApiKey)offered.ApiKey], (offered.MinVersion, offered.MaxVersion));
        Assert.Equal(release.Ranges.Keys.Order(), answer.ApiKeys.Select(static offered => (ApiKey)offered.ApiKey));
        Assert.Equal(release.HasFeatures, answer.FinalizedFeatures.Count > 0);

        await client.SendAsync(ApiKey.Fetch, 18, new FetchRequest());
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("2.1", false)]
    [InlineData("2.8", true)]
    public async Task Who_asks_in_a_version_that_is_too_new_is_answered_in_the_first_and_told_more_since_2_4(string name, bool isTold)
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = name });
        using var client = await Conversation.ConnectAsync(broker.Address);
        await client.SendAsync(ApiKey.ApiVersions, 4, new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" });
        var answer = await client.ReceiveAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0);
        Assert.Equal(ErrorCode.UnsupportedVersion, answer.ErrorCode);
        Assert.Equal(isTold, answer.ApiKeys.Count == 1);
    }

    [Fact]
    public async Task A_release_without_a_table_is_refused_with_those_that_have_one()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { AsKafka = "0.8" }));
        Assert.Contains("2.1, 2.8, 3.0, 3.9, 4.0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_release_to_release_no_highest_version_falls()
    {
        for (var i = 1; i < KafkaRelease.All.Count; i++)
        {
            foreach (var (api, (_, highest)) in KafkaRelease.All[i - 1].Ranges) Assert.InRange(KafkaRelease.All[i].Ranges[api].Highest, highest, ApiTable.Get(api).HighestAdvertisedVersion);
        }
    }
}
