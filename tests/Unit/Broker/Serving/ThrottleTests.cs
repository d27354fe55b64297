using Moldau.Broker;
using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>A throttled connection is answered at once and then not listened to (KIP-219): clients may ignore what they are told.</summary>
public class ThrottleTests
{
    private const int MuteMilliseconds = 60_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_throttled_connection_is_answered_at_once_and_heard_again_only_when_its_time_is_over(bool isNative)
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock, UsesNativeSockets = isNative, Wrap = Muting });
        using var client = await broker.ConnectAsync();
        using var other = await broker.ConnectAsync();
        await client.CreateAsync("t");

        // The first is told to wait, and what was sent behind it waits, on this connection alone.
        await client.SendAsync(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
        await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("late")));
        await client.ReceiveAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1);
        var late = client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9);
        var early = await other.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("early")));
        Assert.Equal(0, early.Responses[0].PartitionResponses[0].BaseOffset);

        clock.Move(MuteMilliseconds - 1);
        Assert.Equal(1, (await other.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("still early")))).Responses[0].PartitionResponses[0].BaseOffset);
        Assert.False(late.IsCompleted);

        // The timer is set to the millisecond behind it.
        clock.Move(2);
        var answer = (await late).Responses[0].PartitionResponses[0];
        Assert.Equal((ErrorCode.None, 2), (answer.ErrorCode, answer.BaseOffset));
    }

    private static RequestHandler Muting(ApiKey api, RequestHandler handler) => api == ApiKey.DescribeCluster ? new Muted(handler) : handler;

    private sealed class Muted(RequestHandler inner) : RequestHandler
    {
        public override void Start(Exchange exchange)
        {
            exchange.MuteMilliseconds = MuteMilliseconds;
            inner.Start(exchange);
        }

        public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
