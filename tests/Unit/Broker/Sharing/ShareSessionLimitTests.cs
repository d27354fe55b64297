using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>Who has one session too many waits for his refusal as long as he would for records, and hinders no stop.</summary>
public sealed class ShareSessionLimitTests
{
    private static readonly Dictionary<string, string> One = new() { ["group.share.max.share.sessions"] = "1" };

    [Fact]
    public async Task A_broker_that_stops_refuses_him_before_his_wait_is_over()
    {
        await using var talk = await QueueTalk.StartAsync(settings: One);
        await talk.MakeAsync();
        using var first = await talk.JoinAsync("first");
        await first.FetchAsync();
        using var second = await talk.JoinAsync("second");
        var quiet = talk.Broker.Server.Delays.Count;
        await second.SendFetchAsync(wait: int.MaxValue);
        await QueueTalk.Eventually(() => talk.Broker.Server.Delays.Count > quiet, "a refusal that waits");

        var stopped = talk.Broker.DisposeAsync();

        Assert.Equal(ErrorCode.ShareSessionLimitReached, (await second.ReceiveAsync()).ErrorCode);
        await stopped;
    }
}
