using Moldau.Broker.Diagnostics;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>What the page of metrics says of share groups.</summary>
public sealed class ShareMetricsTests
{
    [Fact]
    public async Task Records_that_are_out_and_dead_letters_are_told_by_group()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.MakeDeadAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("abcd");
        using var member = await talk.JoinAsync("one");
        Assert.Equal("0-3x1", ShareMember.Text(await member.TakeAsync()));
        var lines = await LinesAsync(talk);
        Assert.Contains("moldau_share_sessions 1", lines);
        Assert.Contains("moldau_share_partitions 1", lines);
        Assert.Contains("moldau_share_group_in_flight{group=\"g\"} 4", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("moldau_share_group_dead_letters_total{", StringComparison.Ordinal));
        await member.AcknowledgeAsync(said: [(0, 0, [1]), (1, 2, [3])]);
        await talk.LettersAsync(2);
        lines = await EventuallyAsync(talk, "moldau_share_group_in_flight{group=\"g\"} 1");
        Assert.Contains("moldau_share_group_dead_letters_total{group=\"g\"} 2", lines);
    }

    private static async Task<string[]> EventuallyAsync(QueueTalk talk, string line)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var lines = await LinesAsync(talk);
            if (lines.Contains(line)) return lines;
            Assert.True(DateTime.UtcNow < deadline, $"not in 30 s: {line}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string[]> LinesAsync(QueueTalk talk) => (await MetricsPage.WriteAsync(talk.Broker.Server)).Split('\n');
}
