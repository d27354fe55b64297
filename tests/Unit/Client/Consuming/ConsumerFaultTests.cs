using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Consuming;

/// <summary>What a consumer makes of brokers that forget, move, cut off, cut back and damage.</summary>
public class ConsumerFaultTests
{
    private const int Deadline = 180_000;

    private readonly ScriptedBroker _broker = new();
    private readonly ScriptedLog _log;

    public ConsumerFaultTests() => _log = new ScriptedLog(_broker);

    [Theory(Timeout = Deadline)]
    [InlineData(ErrorCode.FetchSessionIdNotFound)]
    [InlineData(ErrorCode.InvalidFetchSessionEpoch)]
    [InlineData(ErrorCode.FetchSessionTopicIdError)]
    public async Task A_session_that_is_refused_is_begun_anew_and_nothing_is_lost(ErrorCode code)
    {
        for (var i = 0; i < 20; i++) _log.Append(10);
        _log.Change = (fetch, _, answer, _) => fetch == 3 ? ScriptedReply.Of(new FetchResponse { ErrorCode = code }) : null;

        Assert.Equal(ConsumedTopic.Numbers(0, 200), await ReadAsync(new ConsumerOptions { PartitionBytes = 500 }));
        Assert.Equal((0, 0), _log.Sessions[0]);
        Assert.Equal((101, 1), _log.Sessions[1]);
        Assert.Equal((101, 2), _log.Sessions[2]);
        Assert.Equal((code == ErrorCode.FetchSessionIdNotFound ? 0 : 101, 0), _log.Sessions[3]);
        Assert.Equal((102, 1), _log.Sessions[4]);
    }

    [Theory(Timeout = Deadline)]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(200)]
    public async Task An_answer_that_is_cut_off_is_asked_for_again_and_nothing_comes_twice(int bytes)
    {
        for (var i = 0; i < 20; i++) _log.Append(10);
        _log.Change = (fetch, _, answer, _) => fetch is 2 or 4 ? ScriptedReply.Of(answer) with { CutAt = bytes } : null;

        Assert.Equal(ConsumedTopic.Numbers(0, 200), await ReadAsync(new ConsumerOptions { PartitionBytes = 500 }));
        Assert.Contains(_log.Sessions, static session => session is { Id: 101, Epoch: 0 });
    }

    [Theory(Timeout = Deadline)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(16)]
    public async Task Brokers_of_every_age_are_read(short highest)
    {
        for (var i = 0; i < 20; i++) _log.Append(10);
        _broker.On(ApiKey.ApiVersions, (_, _, _) =>
        {
            var versions = ScriptedBroker.AllVersions();
            foreach (var api in versions.ApiKeys)
            {
                if (api.ApiKey == (short)ApiKey.Fetch) api.MaxVersion = highest;
            }

            return ScriptedReply.Of(versions);
        });

        Assert.Equal(ConsumedTopic.Numbers(0, 200), await ReadAsync(new ConsumerOptions { PartitionBytes = 500 }));
        Assert.All(_broker.Asked.Where(static asked => asked.Key == ApiKey.Fetch), asked => Assert.Equal(highest, asked.Version));
    }

    [Fact(Timeout = Deadline)]
    public async Task Who_does_not_lead_any_more_names_who_does_and_nobody_else_is_asked()
    {
        for (var i = 0; i < 20; i++) _log.Append(10);
        _broker.On(ApiKey.OffsetForLeaderEpoch, (_, _, _) => ScriptedReply.Of(EpochEnd(1, 200)));
        _log.Change = (fetch, port, answer, partition) =>
        {
            if (fetch < 3 || port == 2) return null;
            (partition.ErrorCode, partition.Records) = (ErrorCode.NotLeaderOrFollower, RecordData.Null);
            partition.CurrentLeader = new FetchResponse.Leader { LeaderId = 2, LeaderEpoch = 2 };
            answer.NodeEndpoints.Add(new FetchResponse.NodeEndpoint { NodeId = 2, Host = "scripted", Port = 2 });
            // Whoever is asked from here on knows it too.
            (_broker.Brokers, _broker.Leader, _broker.LeaderEpoch) = ([1, 2], 2, 2);
            return null;
        };

        Assert.Equal(ConsumedTopic.Numbers(0, 200), await ReadAsync(new ConsumerOptions { PartitionBytes = 500 }));
        Assert.Equal([1, 1, 1, 2], _broker.Asked.Where(static asked => asked.Key == ApiKey.Fetch).Select(static asked => asked.Port).Take(4));
    }

    [Theory(Timeout = Deadline)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_that_was_cut_back_below_what_was_read_is_told_or_read_on_where_it_parts(bool isTold)
    {
        for (var i = 0; i < 10; i++) _log.Append(10);
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], Reset = isTold ? OffsetReset.None : OffsetReset.Earliest, Start = StartPosition.Beginning });
        Assert.Equal(ConsumedTopic.Numbers(0, 100), await ConsumedTopic.ReadAsync(consumer, 100));

        _broker.On(ApiKey.OffsetForLeaderEpoch, (_, _, _) => ScriptedReply.Of(EpochEnd(1, 60)));
        _log.CutBack(60);
        for (var i = 0; i < 3; i++) _log.Append(10, epoch: 2);
        _broker.LeaderEpoch = 2;
        _log.Change = (_, _, _, partition) =>
        {
            if (_log.AskedEpoch != 1) return null;
            (partition.ErrorCode, partition.Records) = (ErrorCode.FencedLeaderEpoch, RecordData.Null);
            return null;
        };

        if (isTold)
        {
            var told = await Assert.ThrowsAsync<LogTruncationException>(() => ConsumedTopic.ReadAsync(consumer, 1));
            Assert.Equal((ScriptedLog.Where, new OffsetPosition(100, 1), new OffsetPosition(60, 1)), (told.Partition, told.Position, told.Diverges!.Value));
            await consumer.SeekAsync(ScriptedLog.Where, StartPosition.Offset(60));
        }

        Assert.Equal(ConsumedTopic.Numbers(60, 30), await ConsumedTopic.ReadAsync(consumer, 30));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_damaged_batch_is_named_behind_what_comes_before_it_and_can_be_passed()
    {
        for (var i = 0; i < 10; i++) _log.Append(10);
        _log.Damage(4);
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });

        var values = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var damaged = await Assert.ThrowsAsync<KafkaException>(async () =>
            {
                await foreach (var record in consumer.ReadAllAsync(TestContext.Current.CancellationToken)) values.Add(record.Value!);
            });
            Assert.Equal((ErrorCode.CorruptMessage, "t-0"), (damaged.Code, damaged.Where));
            Assert.Contains("offset 40", damaged.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ConsumedTopic.Numbers(0, 40), values);
        await consumer.SeekAsync(ScriptedLog.Where, StartPosition.Offset(50));
        Assert.Equal(ConsumedTopic.Numbers(50, 50), await ConsumedTopic.ReadAsync(consumer));
    }

    [Fact(Timeout = Deadline)]
    public async Task No_more_is_fetched_ahead_than_may_wait()
    {
        const int Ahead = 64 << 10;
        const int Part = 8 << 10;
        for (var i = 0; i < 400; i++) _log.Append(10, valueBytes: 200);
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true, PrefetchBytes = Ahead, PartitionBytes = Ahead, MaxBytes = Part });

        var (read, most) = (0L, 0L);
        await foreach (var batch in consumer.ReadBatchesAsync(TestContext.Current.CancellationToken))
        {
            read += batch.WireBytes;
            for (var i = 0; i < 5; i++) await Task.Yield();
            most = Math.Max(most, _log.Served - read);
        }

        Assert.Equal(_log.Served, read);
        // What is in the reader's hands does not wait any more.
        Assert.InRange(most, Part, Ahead + (2 * Part));
    }

    [Theory(Timeout = Deadline)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_of_transactions_that_were_given_up_are_shown_only_to_who_wants_them(bool readCommitted)
    {
        _log.Append(10);
        _log.Append(5, options: new BatchOptions { IsTransactional = true, Producer = new ProducerIdentity(7, 0, 0) });
        _log.Append(5, options: new BatchOptions { IsTransactional = true, Producer = new ProducerIdentity(8, 0, 0) });
        _log.AppendMarker(ControlRecordType.Abort, 7);
        _log.Append(5, options: new BatchOptions { IsTransactional = true, Producer = new ProducerIdentity(7, 0, 5) });
        _log.AppendMarker(ControlRecordType.Commit, 8);
        _log.AppendMarker(ControlRecordType.Commit, 7);
        _log.Change = (_, _, _, partition) =>
        {
            if (readCommitted) partition.AbortedTransactions = [new FetchResponse.AbortedTransaction { ProducerId = 7, FirstOffset = 10 }];
            return null;
        };

        var values = await ReadAsync(new ConsumerOptions { ReadCommitted = readCommitted });
        Assert.Equal([.. ConsumedTopic.Numbers(0, readCommitted ? 10 : 15), .. ConsumedTopic.Numbers(15, 5), .. ConsumedTopic.Numbers(21, 5)], values);
        Assert.All(_log.Requests, request => Assert.Equal(readCommitted ? 1 : 0, request.IsolationLevel));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_replica_nearby_is_read_from_and_the_leader_again_where_it_has_too_little()
    {
        for (var i = 0; i < 20; i++) _log.Append(10);
        _broker.Brokers = [1, 2];
        var (isLost, ports) = (false, new List<int>());
        _log.Change = (_, port, _, partition) =>
        {
            ports.Add(port);
            if (port == 1 && !isLost)
            {
                (partition.PreferredReadReplica, partition.Records) = (2, RecordData.Of(default));
                return null;
            }

            if (port == 2 && ports.Count == 4)
            {
                isLost = true;
                (partition.ErrorCode, partition.Records) = (ErrorCode.OffsetOutOfRange, RecordData.Null);
            }

            return null;
        };

        Assert.Equal(ConsumedTopic.Numbers(0, 200), await ReadAsync(new ConsumerOptions { RackId = "here", PartitionBytes = 500 }));
        Assert.Equal([1, 2, 2, 2, 1], ports.Take(5));
        Assert.All(_log.Requests, static request => Assert.Equal("here", request.RackId));
    }

    [Fact(Timeout = Deadline)]
    public async Task Closing_does_not_wait_for_a_broker_that_says_nothing()
    {
        _log.Change = static (_, _, _, _) => ScriptedReply.Silence;
        await using var client = new KafkaClient(_broker.Options());
        var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"] });
        var waiting = ConsumedTopic.ReadAsync(consumer, 1);
        while (_log.Sessions.Count == 0) await Task.Yield();

        await consumer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact(Timeout = Deadline)]
    public async Task What_is_refused_for_good_is_told_once_and_tried_again_by_who_goes_on()
    {
        _log.Append(10);
        _log.Change = (fetch, _, _, partition) =>
        {
            if (fetch == 1) (partition.ErrorCode, partition.Records) = (ErrorCode.TopicAuthorizationFailed, RecordData.Null);
            return null;
        };
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions { Topics = ["t"], StopAtEnd = true });

        var refused = await Assert.ThrowsAsync<KafkaException>(() => ConsumedTopic.ReadAsync(consumer));
        Assert.Equal((ErrorCode.TopicAuthorizationFailed, "t-0", false), (refused.Code, refused.Where, refused.IsTransient));
        Assert.Equal(ConsumedTopic.Numbers(0, 10), await ConsumedTopic.ReadAsync(consumer));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_cluster_that_stays_away_is_told_by_one_error_and_not_by_silence()
    {
        await using var client = new KafkaClient(_broker.Options() with { OperationTimeout = TimeSpan.FromMilliseconds(50) });
        await using var consumer = client.CreateConsumer<string, string>(new ConsumerOptions());
        _broker.RefusedConnections = int.MaxValue;
        await consumer.AssignAsync(ScriptedLog.Where, new TopicPartition("t", 1));

        var away = await Assert.ThrowsAnyAsync<KafkaException>(() => ConsumedTopic.ReadAsync(consumer, 1));
        Assert.True(away.IsTransient);
    }

    private static OffsetForLeaderEpochResponse EpochEnd(int epoch, long end) => new()
    {
        Topics = [new OffsetForLeaderEpochResponse.EpochTopic { Topic = "t", Partitions = [new OffsetForLeaderEpochResponse.EpochEnd { LeaderEpoch = epoch, EndOffset = end }] }],
    };

    private async Task<List<string>> ReadAsync(ConsumerOptions options)
    {
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateConsumer<string, string>(options with { Topics = ["t"], StopAtEnd = true });
        return await ConsumedTopic.ReadAsync(consumer);
    }
}
