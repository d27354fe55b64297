using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker;
using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Network;
using Moldau.Broker.Sharing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>A leader whose share coordinator cannot be reached, refuses, or is slow.</summary>
public sealed class SharePartitionTests
{
    private readonly Coordinator _coordinator = new();

    [Fact]
    public async Task Nobody_is_told_before_it_is_stored_and_what_comes_meanwhile_goes_together()
    {
        await using var broker = await BrokerAsync(8);
        var partition = Partition(broker);
        Assert.Equal("0-7x1", await TakeAsync(partition, "a"));
        var held = _coordinator.Hold();
        var first = partition.AcknowledgeAsync("a", [Said(0, 0)]);
        await Eventually(() => _coordinator.Writes.Count == 1);
        var second = partition.AcknowledgeAsync("a", [Said(1, 1)]);
        var third = partition.AcknowledgeAsync("a", [Said(3, 3)]);
        Assert.Equal("", await TakeAsync(partition, "b"));
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        held.SetResult();
        Assert.Equal([null, null, null], await Task.WhenAll(first, second, third));
        Assert.Equal(["start 1 done 0", "start 2 done 1 3-3:2:1"], _coordinator.Writes);
    }

    [Fact]
    public async Task A_coordinator_that_is_not_there_is_asked_again_and_what_it_never_took_is_said_again()
    {
        await using var broker = await BrokerAsync(2);
        var partition = Partition(broker);
        _coordinator.Errors.Enqueue(ErrorCode.CoordinatorNotAvailable);
        Assert.Equal("0-1x1", await TakeAsync(partition, "a"));
        _coordinator.Errors.Enqueue(ErrorCode.NotCoordinator);
        Assert.Null(await partition.AcknowledgeAsync("a", [Said(0, 0)]));
        for (var i = 0; i < 5; i++) _coordinator.Errors.Enqueue(ErrorCode.CoordinatorLoadInProgress);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await partition.AcknowledgeAsync("a", [Said(1, 1)]))!.Value.Error);
        // It is his still.
        Assert.Null(await partition.AcknowledgeAsync("a", [Said(1, 1)]));
    }

    [Theory]
    [InlineData(ErrorCode.FencedStateEpoch, ErrorCode.NotLeaderOrFollower)]
    [InlineData(ErrorCode.FencedLeaderEpoch, ErrorCode.NotLeaderOrFollower)]
    [InlineData(ErrorCode.InvalidRequest, ErrorCode.UnknownServerError)]
    [InlineData(ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition)]
    public async Task A_refusal_ends_it_and_the_next_fetch_begins_with_a_read(ErrorCode refusal, ErrorCode told)
    {
        await using var broker = await BrokerAsync(2);
        var partition = Partition(broker, out var partitions);
        Assert.Equal("0-1x1", await TakeAsync(partition, "a"));
        _coordinator.Errors.Enqueue(refusal);
        Assert.Equal(told, (await partition.AcknowledgeAsync("a", [Said(0, 0)]))!.Value.Error);
        var take = new ShareTake { Member = "a" };
        await partition.TakeAsync(take);
        Assert.Equal(told, take.Fault!.Value.Error);
        Assert.Equal(0, partitions.Count);
        Assert.Equal("0-1x1", await TakeAsync(partitions.Get("g", broker.Server.Topics.Find("t")!.Find(0)!), "b"));
    }

    [Fact]
    public async Task One_whose_group_has_no_sessions_is_let_go_of_when_nobody_has_anything()
    {
        await using var broker = await BrokerAsync(2);
        var partition = Partition(broker, out var partitions);
        Assert.Equal("0-1x1", await TakeAsync(partition, "a"));
        await partitions.MayGoAsync("g");
        Assert.Equal(1, partitions.Count);
        // Somebody came back before it came to that.
        Assert.Equal("", await TakeAsync(partition, "b"));
        await partition.ReleaseAsync("a");
        await Eventually(() => _coordinator.Writes.Count == 1);
        Assert.Equal("0-1x2", await TakeAsync(partition, "b"));
        await partitions.MayGoAsync("g");
        await partition.ReleaseAsync("b");
        await Eventually(() => partitions.Count == 0);
        Assert.Equal(["start 0 done 0 0-1:0:1", "start 0 done 0 0-1:0:2"], _coordinator.Writes);
        var take = new ShareTake { Member = "a" };
        await partition.TakeAsync(take);
        Assert.True(take.IsOfGone);
    }

    [Theory]
    [InlineData(2, ErrorCode.None)]
    [InlineData(0, ErrorCode.InvalidRequest)]
    public async Task Nothing_is_copied_or_kept_of_a_group_without_sessions_that_was_sent_elsewhere_or_deleted(int epoch, ErrorCode error)
    {
        await using var broker = await BrokerAsync(2);
        using var client = await broker.ConnectAsync();
        await SetAsync(client, "errors.deadletterqueue.topic.name", "dlq.missing");
        var partition = Partition(broker, out var partitions);
        Assert.Equal("0-1x1", await TakeAsync(partition, "a"));
        Assert.Null(await partition.AcknowledgeAsync("a", [new AcknowledgedRange(0, 1, [3])]));
        await partitions.MayGoAsync("g");
        // They wait for their topic, and so does it.
        Assert.Equal(1, partitions.Count);
        _coordinator.StateEpoch = epoch;
        if (error != ErrorCode.None) _coordinator.Errors.Enqueue(error);
        await Eventually(() => partitions.Count == 0);
    }

    [Theory]
    [InlineData("earliest", 0)]
    [InlineData("latest", 3)]
    [InlineData("by_duration:PT1H", 0)]
    public async Task A_state_without_a_start_begins_as_the_group_wants(string reset, long expected)
    {
        await using var broker = await BrokerAsync(3);
        using var client = await broker.ConnectAsync();
        await SetAsync(client, "share.auto.offset.reset", reset);
        _coordinator.Start = -1;
        var partition = Partition(broker);
        var first = TakeAsync(partition, "a");
        // At once: who reads the state after a crash, or when all members were away, must not decide anew.
        await Eventually(() => _coordinator.Writes.FirstOrDefault() == $"start {expected} done 0");
        if (expected == 3)
        {
            Assert.Equal("", await first);
            await ProduceAsync(client, 1);
            await Eventually(() => broker.Server.Topics.Find("t")!.Find(0)!.HighWatermark == 4);
            Assert.Equal("3-3x1", await TakeAsync(partition, "a"));
            return;
        }

        Assert.Equal("0-2x1", await first);
    }

    private static async Task SetAsync(Conversation client, string name, string value)
    {
        var altered = await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = 32, ResourceName = "g", Configs = [new() { Name = name, Value = value }] }],
        });
        Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);
    }

    private static AcknowledgedRange Said(long first, long last) => new(first, last, [1]);

    private static async Task<string> TakeAsync(SharePartition partition, string member)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var take = new ShareTake { Member = member, Limits = new AcquireLimits(100, 100, false), MaxBytes = 1 << 20, IsFirst = true };
        do
        {
            await partition.TakeAsync(take);
            Assert.Null(take.Fault);
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        while (!partition.IsLoaded);
        // It may have come to be loaded behind the look.
        if (take.Count == 0) await partition.TakeAsync(take);
        var text = string.Join(' ', take.Ranges.Select(static range => $"{range.First}-{range.Last}x{range.Count}"));
        take.Clear();
        return text;
    }

    private static async Task<TestBroker> BrokerAsync(int records)
    {
        var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        await ProduceAsync(client, records);
        return broker;
    }

    private static async Task ProduceAsync(Conversation client, int records)
    {
        var values = Enumerable.Range(0, records).Select(static i => $"value {i}").ToArray();
        var produced = await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(values)));
        Assert.Equal(ErrorCode.None, produced.Responses[0].PartitionResponses[0].ErrorCode);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not come about in 30 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private SharePartition Partition(TestBroker broker) => Partition(broker, out _);

    private SharePartition Partition(TestBroker broker, out SharePartitions partitions)
    {
        var server = broker.Server;
        partitions = new SharePartitions(new SharingParts(server.Topics, server.Metadata!, server.Settings, _coordinator, server.Delays, TimeProvider.System, new NetworkLog(NullLogger.Instance), null!, new DataCounts()));
        return partitions.Get("g", server.Topics.Find("t")!.Find(0)!);
    }

    /// <summary>Answers as it was told to, and otherwise takes everything.</summary>
    private sealed class Coordinator : IPeers
    {
        private volatile Task _held = Task.CompletedTask;

        public ConcurrentQueue<ErrorCode> Errors { get; } = new();

        public ConcurrentQueue<string> Writes { get; } = new();

        public long Start { get; set; }

        public int StateEpoch { get; set; } = 1;

        public TaskCompletionSource Hold()
        {
            var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held = held.Task;
            return held;
        }

        public async Task<IMessage?> AskAsync(IMessage request)
        {
            if (request is ReadShareGroupStateRequest reading)
            {
                await Task.Yield();
                var row = new ReadShareGroupStateResponse.PartitionResult { ErrorCode = Error(), StateEpoch = StateEpoch, StartOffset = Start };
                return new ReadShareGroupStateResponse { Results = [new() { TopicId = reading.Topics[0].TopicId, Partitions = [row] }] };
            }

            var writing = (WriteShareGroupStateRequest)request;
            var asked = writing.Topics[0].Partitions[0];
            Writes.Enqueue($"start {asked.StartOffset} done {asked.DeliveryCompleteCount}{string.Concat(asked.StateBatches.Select(static batch => $" {batch.FirstOffset}-{batch.LastOffset}:{batch.DeliveryState}:{batch.DeliveryCount}"))}");
            await _held;
            return new WriteShareGroupStateResponse { Results = [new() { TopicId = writing.Topics[0].TopicId, Partitions = [new() { Partition = asked.Partition, ErrorCode = Error() }] }] };
        }

        private ErrorCode Error() => Errors.TryDequeue(out var error) ? error : ErrorCode.None;
    }
}
