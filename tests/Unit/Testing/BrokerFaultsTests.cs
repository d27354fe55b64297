using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing;
using Moldau.Testing.Faults;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Testing;

public sealed class BrokerFaultsTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();
    private EmbeddedBroker _broker = null!;

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task An_error_comes_at_its_turn_and_as_often_as_was_said_and_nothing_is_done()
    {
        using var client = await StartAsync();
        using var fault = _broker.Faults.Fail(ApiKey.Produce, ErrorCode.NotLeaderOrFollower, nth: 2, times: 2);
        var codes = new List<ErrorCode>();
        for (var i = 0; i < 5; i++) codes.Add((await ProduceAsync(client, $"{i}")).Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Equal([ErrorCode.None, ErrorCode.NotLeaderOrFollower, ErrorCode.NotLeaderOrFollower, ErrorCode.None, ErrorCode.None], codes);
        Assert.Equal(2, fault.Hits);
        Assert.True(fault.Happened.IsCompletedSuccessfully);
        Assert.Equal(["0", "3", "4"], await ValuesAsync());
    }

    [Theory]
    [InlineData(FaultMoment.BeforeRequest, 0)]
    [InlineData(FaultMoment.BeforeReply, 1)]
    [InlineData(FaultMoment.WithinReply, 1)]
    public async Task A_cut_closes_the_connection_before_or_behind_what_was_asked_for(FaultMoment when, int written)
    {
        using var client = await StartAsync();
        _broker.Faults.Cut(ApiKey.Produce, when);
        await Assert.ThrowsAnyAsync<IOException>(() => ProduceAsync(client, "a"));
        Assert.Equal(written, (await ValuesAsync()).Count);
    }

    [Fact]
    public async Task An_answer_that_is_cut_begins_and_does_not_end()
    {
        using var client = await StartAsync();
        _broker.Faults.Cut(ApiKey.Metadata, FaultMoment.WithinReply);
        await client.SendAsync(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });
        await Assert.ThrowsAnyAsync<IOException>(() => client.ReceiveAsync<MetadataResponse>(ApiKey.Metadata, 12));
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_left_out_and_the_next_one_comes()
    {
        using var client = await StartAsync();
        _broker.Faults.LoseReply(ApiKey.Produce);
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        await client.SendAsync(ApiKey.Metadata, 12, new MetadataRequest { Topics = null });
        client.Skip();
        Assert.Equal("t", (await client.ReceiveAsync<MetadataResponse>(ApiKey.Metadata, 12)).Topics[0].Name);
        Assert.Equal(["a"], await ValuesAsync());
    }

    [Theory]
    [InlineData(FaultMoment.BeforeRequest)]
    [InlineData(FaultMoment.BeforeReply)]
    [InlineData(FaultMoment.WithinReply)]
    public async Task What_is_delayed_comes_when_the_clock_is_there(FaultMoment when)
    {
        using var client = await StartAsync();
        var waiting = _clock.Waiting;
        _broker.Faults.Delay(ApiKey.ListOffsets, TimeSpan.FromSeconds(10), when);
        await client.SendAsync(ApiKey.ListOffsets, 9, new ListOffsetsRequest());
        using var patience = new CancellationTokenSource(Deadline);
        while (_clock.Waiting <= waiting) await Task.Delay(1, patience.Token);
        var answer = client.ReceiveAsync<ListOffsetsResponse>(ApiKey.ListOffsets, 9);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await answer.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_silent_connection_hears_nothing_and_another_is_served()
    {
        using var client = await StartAsync();
        var fault = _broker.Faults.FallSilent(ApiKey.Produce);
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        await fault.Happened.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        using var other = await Conversation.ConnectAsync(_broker.Address);
        await ProduceAsync(other, "b");
        Assert.Equal(["b"], await ValuesAsync());
    }

    [Theory]
    [InlineData(FaultMoment.BeforeReply, false)]
    [InlineData(FaultMoment.WithinReply, true)]
    public async Task A_mute_connection_does_what_it_is_asked_and_answers_no_more_than_half(FaultMoment when, bool begins)
    {
        using var client = await StartAsync();
        _broker.Faults.FallSilent(ApiKey.Produce, when);
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("a")));
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("b")));
        using var patience = new CancellationTokenSource(Deadline);
        while ((await ValuesAsync()).Count < 2) await Task.Delay(1, patience.Token);
        while (begins && client.Available == 0) await Task.Delay(1, patience.Token);
        var answer = client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9);
        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task Nothing_happens_to_requests_that_come_in_pieces_or_many_at_once()
    {
        using var client = await StartAsync();
        // A fault for another API keeps the frames being looked at.
        _broker.Faults.LoseReply(ApiKey.DeleteTopics);
        var all = new List<byte>();
        for (var i = 0; i < 40; i++) all.AddRange(client.Frame(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(new string('x', i * 2_000)))));
        var random = new Random(7);
        for (var at = 0; at < all.Count;)
        {
            var count = Math.Min(all.Count - at, random.Next(2) == 0 ? random.Next(1, 20) : random.Next(1, 100_000));
            await client.SendRawAsync(all.GetRange(at, count).ToArray());
            at += count;
        }

        for (var i = 0; i < 40; i++) Assert.Equal(i, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].BaseOffset);
    }

    [Fact]
    public async Task What_was_disposed_or_cleared_does_not_happen()
    {
        using var client = await StartAsync();
        _broker.Faults.Fail(ApiKey.Produce, ErrorCode.NotLeaderOrFollower).Dispose();
        _broker.Faults.Cut(ApiKey.Produce, FaultMoment.BeforeReply);
        _broker.Faults.Clear();
        Assert.Equal(ErrorCode.None, (await ProduceAsync(client, "a")).Responses[0].PartitionResponses[0].ErrorCode);
    }

    private static Task<ProduceResponse> ProduceAsync(Conversation client, string value) =>
        client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(value)));

    private async Task<Conversation> StartAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Clock = _clock });
        var client = await Conversation.ConnectAsync(_broker.Address);
        await client.CreateAsync("t");
        return client;
    }

    private async Task<List<string>> ValuesAsync()
    {
        using var reader = await Conversation.ConnectAsync(_broker.Address);
        return [.. await ConnectionTests.ValuesAsync(reader, "t")];
    }
}
