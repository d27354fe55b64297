using System.Globalization;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Handling;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Testing.Faults;
using Xunit;

namespace Moldau.Unit.Client.Faults;

/// <summary>A member of a group with handlers: everything is handled in order, once as long as it stays a member, and nothing else is committed.</summary>
internal sealed class MemberScenario(GroupProtocol protocol, Trouble trouble) : FaultScenario
{
    private const string Group = "g";
    private const int Records = 20;
    private const int Held = 7;

    // What it had not committed comes again to one that was told that it is no member any more.
    private readonly bool _mayRepeat = trouble.Error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedMemberEpoch;
    private readonly bool _happensAtTheEnd = trouble.Api == ApiKey.LeaveGroup;

    // Stored when a later one was stored already, it goes back behind that, as with every client: what was done between comes again.
    private readonly bool _mayStayBehind = trouble is { Api: ApiKey.OffsetCommit, Kind: TroubleKind.LateBefore };
    private readonly Lock _gate = new();
    private readonly List<long>[] _handled = [[], []];

    protected override Task PrepareAsync() => WriteAsync(0, Records / 2);

    protected override async Task WorkAsync(KafkaClient kafka, Fault fault)
    {
        await using (var consumer = Consumer(kafka))
        {
            using var enough = new CancellationTokenSource();
            var handling = consumer.RunAsync((record, _) => Note(record), new HandlerOptions { Order = HandlerOrder.Partition }, enough.Token);
            await UntilAsync(Records / 2, handling);
            if (!_happensAtTheEnd) await UntilItHappensAsync(fault, handling);
            await WriteAsync(Records / 2, Records / 2);
            await UntilAsync(Records, handling);
            await enough.CancelAsync();
            await handling;
        }

        await CheckAsync(isAllCommitted: !_happensAtTheEnd && !_mayStayBehind);
    }

    protected override async Task CloseAsync(KafkaClient kafka, Fault fault, bool isClientFirst)
    {
        var consumer = Consumer(kafka);
        using var enough = new CancellationTokenSource();
        // One partition stops at a record whose handler takes as long as it may.
        var handling = consumer.RunAsync(
            async (record, token) =>
            {
                if (!_happensAtTheEnd && record.Partition == 0 && record.Offset == Held) await Task.Delay(Timeout.Infinite, token);
                await Note(record);
            },
            new HandlerOptions { Order = HandlerOrder.Partition, DrainTimeout = RequestTimeout }, enough.Token);
        if (_happensAtTheEnd) await UntilAsync(Records / 2, handling);
        else await UntilItHappensAsync(fault, handling);
        if (isClientFirst) await kafka.DisposeAsync();
        await consumer.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => handling.WaitAsync(Patience));
        Broker.Faults.Clear();
        await CheckAsync(isAllCommitted: false);
        Assert.True(_happensAtTheEnd || !_handled[0].Contains(Held));
    }

    private ValueTask Note(Record<string, string> record)
    {
        lock (_gate) _handled[record.Partition].Add(record.Offset);
        return ValueTask.CompletedTask;
    }

    private async Task UntilAsync(int each, Task meanwhile)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_handled.All(offsets => offsets.Contains(each - 1))) return;
            }

            if (meanwhile.IsCompleted) await meanwhile;
            await Task.Delay(2);
        }
    }

    private async Task CheckAsync(bool isAllCommitted)
    {
        await using var kafka = Connect();
        var committed = await kafka.Groups.OffsetsAsync(Group);
        for (var partition = 0; partition < Partitions; partition++)
        {
            var offsets = _handled[partition];
            for (var i = 0; i < offsets.Count; i++)
            {
                var isNext = i == 0 ? offsets[i] == 0 : offsets[i] == offsets[i - 1] + 1;
                var isAgain = _mayRepeat && i > 0 && offsets[i] <= offsets[i - 1];
                Assert.True(isNext || isAgain, string.Create(CultureInfo.InvariantCulture, $"partition {partition}: {string.Join(' ', offsets)}"));
            }

            var place = committed.TryGetValue(new TopicPartition(Topic, partition), out var outcome) ? outcome.Get().Offset : 0;
            var done = offsets.Count == 0 ? 0 : offsets.Max() + 1;
            Assert.True(isAllCommitted ? place == done : place <= done, $"partition {partition}: committed {place} of {done}");
        }
    }

    private Consumer<string, string> Consumer(KafkaClient kafka) => kafka.CreateConsumer<string, string>(new ConsumerOptions
    {
        GroupId = Group,
        Topics = [Topic],
        LongestWait = TimeSpan.FromMilliseconds(50),
        CommitInterval = TimeSpan.FromMilliseconds(20),
        Group = new GroupOptions
        {
            Protocol = protocol, HeartbeatInterval = TimeSpan.FromMilliseconds(30), SessionTimeout = TimeSpan.FromMinutes(5), RebalanceTimeout = TimeSpan.FromMilliseconds(500),
        },
    });
}
