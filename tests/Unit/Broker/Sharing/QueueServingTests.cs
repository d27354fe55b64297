using System.Diagnostics;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>Share groups with delays and with the order of keys, through sockets.</summary>
public sealed class QueueServingTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Zstd)]
    public async Task Records_of_a_key_come_one_after_the_other(CompressionType compression)
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.SetAsync(("moldau.share.order", "key"));
        await talk.ProduceAsync("aab.a", compression);
        using var one = await talk.JoinAsync("one");
        Assert.Equal("0-0x1 2-3x1", ShareMember.Text(await one.TakeAsync()));
        // Whoever waits is told when a key's next record may be had.
        using var other = await talk.JoinAsync("other");
        await other.SendFetchAsync(wait: 60_000);
        await one.AcknowledgeAsync(said: [(0, 0, [2]), (2, 3, [1])]);
        Assert.Equal("0-0x2", ShareMember.Text((await other.ReceiveAsync()).Responses[0].Partitions[0]));
        await other.AcknowledgeAsync(said: [(0, 0, [3])]);
        Assert.Equal("1-1x1", ShareMember.Text(await other.TakeAsync()));
        // Another batch is looked into beyond the one whose records wait.
        await talk.ProduceAsync("ac", compression);
        Assert.Equal("6-6x1", ShareMember.Text(await one.TakeAsync()));
        // Without the order all of them are anybody's.
        await talk.SetAsync(("moldau.share.order", "none"));
        Assert.Equal("4-5x1", ShareMember.Text(await one.TakeAsync()));
    }

    [Fact]
    public async Task A_window_whose_keys_are_out_is_read_beyond_as_far_as_locks_reach()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.SetAsync(("moldau.share.order", "key"), ("share.partition.max.record.locks", "100"));
        for (var i = 0; i < 9; i++) await talk.ProduceAsync(new string('a', 10));
        await talk.ProduceAsync("aaaaaaaaabbbb");
        using var member = await talk.JoinAsync("one");
        Assert.Equal("0-0x1 99-99x1", ShareMember.Text(await member.TakeAsync()));
        Assert.Empty((await member.FetchAsync()).Responses);
        await member.AcknowledgeAsync(said: [(0, 0, [1])]);
        Assert.Equal("1-1x1", ShareMember.Text(await member.TakeAsync()));
        // There is room for one more, which is b's and waits.
        Assert.Empty((await member.FetchAsync()).Responses);
    }

    [Fact]
    public async Task What_was_released_waits_and_whoever_waits_for_it_is_woken()
    {
        await using var talk = await QueueTalk.StartAsync();
        await talk.MakeAsync();
        await talk.SetAsync(("moldau.share.retry.delay.ms", "300"));
        await talk.ProduceAsync("..");
        using var member = await talk.JoinAsync("one");
        Assert.Equal("0-1x1", ShareMember.Text(await member.TakeAsync()));
        var watch = Stopwatch.StartNew();
        Assert.Equal(ErrorCode.None, (await member.AcknowledgeAsync(said: [(0, 0, [2]), (1, 1, [1])])).ErrorCode);
        Assert.Equal("0-0x2", ShareMember.Text(await member.TakeAsync()));
        Assert.True(watch.ElapsedMilliseconds >= 300, $"{watch.Elapsed} and not 300 ms");
        watch.Restart();
        await member.AcknowledgeAsync(said: [(0, 0, [2])]);
        Assert.Equal("0-0x3", ShareMember.Text(await member.TakeAsync()));
        Assert.True(watch.ElapsedMilliseconds >= 600, $"{watch.Elapsed} and not 600 ms");
    }
}
