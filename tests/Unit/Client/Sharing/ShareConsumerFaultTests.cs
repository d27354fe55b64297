using System.Buffers;
using System.Collections.Concurrent;
using Moldau.Client;
using Moldau.Client.Serdes;
using Moldau.Client.Sharing;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Sharing;

/// <summary>What a share consumer makes of brokers that forget, move, refuse and cut off.</summary>
public class ShareConsumerFaultTests
{
    private const int Deadline = 60_000;

    private readonly ScriptedBroker _broker = new();
    private readonly ScriptedShare _share;
    private readonly ConcurrentQueue<AcknowledgedRecords> _told = new();

    public ShareConsumerFaultTests() => _share = new ScriptedShare(_broker);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = Deadline)]
    public async Task What_is_read_is_accepted_when_the_next_is_asked_for_and_what_is_left_goes_back_at_the_end()
    {
        _share.Append(10);
        await ReadAsync(5);
        Assert.Equal(["open", "0=Accept", "1=Accept", "2=Accept", "3=Accept", "close"], _share.Told);
        Assert.Equal(-1, _share.Heartbeats[^1].MemberEpoch);
    }

    [Theory(Timeout = Deadline)]
    [InlineData(ErrorCode.ShareSessionNotFound)]
    [InlineData(ErrorCode.InvalidShareSessionEpoch)]
    [InlineData(ErrorCode.ShareSessionLimitReached)]
    public async Task A_session_that_is_refused_is_begun_anew_and_what_it_was_told_is_told_as_refused(ErrorCode code)
    {
        _share.Append(4);
        var isRefused = false;
        _share.OnRequest = (_, _, request) =>
        {
            if (isRefused || Acknowledged(request) == 0) return null;
            isRefused = true;
            _share.TakeAway();
            return request is ShareFetchRequest ? ScriptedReply.Of(new ShareFetchResponse { ErrorCode = code }) : ScriptedReply.Of(new ShareAcknowledgeResponse { ErrorCode = code });
        };
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client);
        var seen = new Dictionary<long, int>();
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            seen[record.Offset] = record.DeliveryCount;
            if (seen.Count == 4 && seen.Values.Any(static count => count == 2)) break;
        }

        Assert.Contains(_told, told => told.Error?.Code == code);
        Assert.Equal(2, _share.Told.Count(static what => what == "open"));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_connection_that_ends_takes_what_came_by_it_along()
    {
        _share.Append(3);
        var requests = 0;
        _share.OnRequest = (number, _, request) =>
        {
            if (Acknowledged(request) == 0 || requests++ > 0) return null;
            _share.TakeAway();
            return ScriptedReply.Of(new ShareFetchResponse()) with { CutAt = 3 };
        };
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client, static options => options with { AcceptsImplicitly = false, MaxRecords = 3 });
        var first = new List<SharedRecord<None, string>>();
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            first.Add(record);
            if (record.DeliveryCount == 2) break;
            if (first.Count == 3) record.Accept();
        }

        // What the broker gave by that connection is others' by now, and this consumer knows.
        first[0].Accept();
        Assert.Equal([ErrorCode.NetworkException, ErrorCode.InvalidRecordState], _told.Where(static told => !told.Succeeded).Select(static told => told.Error!.Code));
        Assert.Equal(2, _share.Told.Count(static what => what == "open"));
    }

    [Fact(Timeout = Deadline)]
    public async Task Who_does_not_lead_any_more_names_who_does_and_what_he_gave_is_lost()
    {
        _share.Append(2);
        _broker.Brokers = [1, 2];
        var moved = false;
        _share.OnRequest = (_, port, request) =>
        {
            if (port != 1 || (!moved && Acknowledged(request) == 0)) return null;
            if (!moved) _share.TakeAway();
            moved = true;
            var partition = new ShareFetchResponse.Partition { ErrorCode = ErrorCode.NotLeaderOrFollower, AcknowledgeErrorCode = ErrorCode.NotLeaderOrFollower };
            (partition.CurrentLeader.LeaderId, partition.CurrentLeader.LeaderEpoch) = (2, 5);
            return ScriptedReply.Of(new ShareFetchResponse
            {
                Responses = [new ShareFetchResponse.Topic { TopicId = new(1, 2), Partitions = [partition] }],
                NodeEndpoints = [new ShareFetchResponse.NodeEndpoint { NodeId = 2, Host = "scripted", Port = 2 }],
            });
        };
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client);
        var again = 0;
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            if (record.DeliveryCount == 2 && ++again == 2) break;
        }

        Assert.Contains(_told, static told => told.Error?.Code == ErrorCode.NotLeaderOrFollower);
        Assert.Contains(_broker.Asked, static asked => asked is { Port: 2, Key: ApiKey.ShareFetch });
    }

    [Theory(Timeout = Deadline)]
    [InlineData(ErrorCode.FencedMemberEpoch)]
    [InlineData(ErrorCode.UnknownMemberId)]
    public async Task A_member_that_is_fenced_joins_anew_under_its_name(ErrorCode code)
    {
        _share.Append(4);
        var isFenced = false;
        _share.OnHeartbeat = request =>
        {
            if (request.MemberEpoch <= 0 || isFenced) return null;
            isFenced = true;
            return new ShareGroupHeartbeatResponse { ErrorCode = code };
        };
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client);
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            if (_share.Heartbeats.Count(static beat => beat.MemberEpoch == 0) == 2) break;
            // Others read it, too, and give it back.
            record.Release();
        }

        var joins = _share.Heartbeats.Where(static beat => beat.MemberEpoch == 0).ToList();
        Assert.Equal(joins[0].MemberId, joins[1].MemberId);
        Assert.Equal(["t"], joins[1].SubscribedTopicNames!);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_cluster_without_share_groups_is_refused_with_the_feature_it_lacks()
    {
        _share.OnHeartbeat = static _ => new ShareGroupHeartbeatResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        Assert.Contains("share.version", (await Assert.ThrowsAsync<KafkaException>(() => ReadAsync(1))).Message, StringComparison.Ordinal);
        _broker.On(ApiKey.ApiVersions, static (_, _, _) =>
        {
            var old = ScriptedBroker.AllVersions();
            var versions = new ApiVersionsResponse();
            foreach (var api in old.ApiKeys.Where(static api => api.ApiKey != (short)ApiKey.ShareGroupHeartbeat)) versions.ApiKeys.Add(api);
            return ScriptedReply.Of(versions);
        });
        var refused = await Assert.ThrowsAsync<KafkaException>(() => ReadAsync(1));
        Assert.Equal((ErrorCode.UnsupportedVersion, true), (refused.Code, refused.IsFatal));
        Assert.Contains("share.version", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Deadline)]
    public async Task A_record_that_cannot_be_read_is_told_and_rejected_and_reading_goes_on_behind_it()
    {
        _share.Append(3);
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = client.CreateShareConsumer<None, int>(new ShareConsumerOptions { GroupId = "g", Topics = ["t"], OnAcknowledged = _told.Enqueue }, values: new OddlyRefused());
        var read = new List<int>();
        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                await foreach (var record in consumer.ReadAllAsync(Token))
                {
                    read.Add(record.Value);
                    if (read.Count == 2) break;
                }
            }
            catch (SerdeException unreadable)
            {
                Assert.Contains("Reject", unreadable.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal([0, 2], read);
        await consumer.CommitAsync(Token);
        Assert.Equal(["0=Accept", "1=Reject"], _share.Told.Where(static what => what.Contains('=', StringComparison.Ordinal)).Order());
    }

    [Fact(Timeout = Deadline)]
    public async Task Renewals_go_out_by_themselves_and_old_brokers_are_asked_for_none()
    {
        _share.Append(1);
        _broker.On(ApiKey.ApiVersions, static (_, _, _) =>
        {
            var versions = ScriptedBroker.AllVersions();
            foreach (var api in versions.ApiKeys.Where(static api => api.ApiKey is (short)ApiKey.ShareFetch or (short)ApiKey.ShareAcknowledge)) api.MaxVersion = 1;
            return ScriptedReply.Of(versions);
        });
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client);
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            record.Renew();
            break;
        }

        // The interval may have told it before the commit, which has nothing left to tell then.
        await consumer.CommitAsync(Token);
        Assert.Equal([ErrorCode.UnsupportedVersion], _told.Select(static told => told.Error?.Code));
        await using var strict = Consumer(client, static options => options with { AcquireMode = ShareAcquireMode.RecordLimit });
        var refused = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            await foreach (var record in strict.ReadAllAsync(Token)) Assert.Fail($"{record} came");
        });
        Assert.Contains("RecordLimit", refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Deadline)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_consumer_that_is_closed_waits_for_no_handler_longer_than_it_may(bool obeys)
    {
        _share.Append(1);
        await using var client = new KafkaClient(_broker.Options() with { CloseTimeout = TimeSpan.FromMilliseconds(500) });
        await using var consumer = Consumer(client);
        var (begun, told, never) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var run = consumer.RunAsync(
            async (_, stop) =>
            {
                begun.TrySetResult();
                await using var stopping = stop.Register(() => told.TrySetResult());
                await (obeys ? Task.Delay(Timeout.Infinite, stop) : never.Task);
            },
            new ShareHandlerOptions { DrainTimeout = TimeSpan.FromHours(1) }, Token);
        await begun.Task.WaitAsync(Token);
        await consumer.DisposeAsync();
        await told.Task.WaitAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.WaitAsync(Token));
        never.SetResult();
    }

    private static int Acknowledged(IMessage request) => request switch
    {
        ShareFetchRequest fetch => fetch.Topics.Sum(static topic => topic.Partitions.Sum(static partition => partition.AcknowledgementBatches.Count)),
        ShareAcknowledgeRequest told => told.Topics.Sum(static topic => topic.Partitions.Sum(static partition => partition.AcknowledgementBatches.Count)),
        _ => 0,
    };

    private async Task ReadAsync(int count)
    {
        await using var client = new KafkaClient(_broker.Options());
        await using var consumer = Consumer(client);
        var expected = 0L;
        await foreach (var record in consumer.ReadAllAsync(Token))
        {
            Assert.Equal((expected, $"{expected}", 1), (record.Offset, record.Value, record.DeliveryCount));
            if (++expected == count) break;
        }
    }

    private ShareConsumer<None, string> Consumer(KafkaClient client, Func<ShareConsumerOptions, ShareConsumerOptions>? change = null)
    {
        var options = new ShareConsumerOptions { GroupId = "g", Topics = ["t"], AcknowledgeInterval = TimeSpan.Zero, OnAcknowledged = _told.Enqueue };
        return client.CreateShareConsumer<None, string>(change is null ? options : change(options));
    }

    /// <summary>Reads even numbers alone.</summary>
    private sealed class OddlyRefused : ISerde<int>
    {
        public void Write(int value, IBufferWriter<byte> output, in SerdeContext context) => throw new NotSupportedException();

        public int Read(in ReadOnlySequence<byte> bytes, in SerdeContext context)
        {
            var number = bytes.FirstSpan[0] - (byte)'0';
            return number % 2 == 0 ? number : throw new FormatException("an odd number");
        }
    }
}
