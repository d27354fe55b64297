using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

public class RequestQuotaTests
{
    [Fact]
    public async Task Who_keeps_threads_longer_than_his_share_is_told_to_wait_and_is_not_heard_meanwhile()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock, Wrap = (api, handler) => api == ApiKey.DescribeCluster ? new Slow(handler, clock) : handler });
        using var client = await broker.ConnectAsync("busy");
        using var admin = await broker.ConnectAsync("admin");
        await admin.LimitAsync("client-id", "busy", ("request_percentage", 1));

        // A request takes 60 ms of a thread; one percent of it over the ten seconds that are looked at are 100 ms.
        Assert.Equal(0, (await client.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest())).ThrottleTimeMs);
        var told = (await client.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest())).ThrottleTimeMs;
        Assert.Equal(1000, told);
        var late = client.AskAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 3, new ApiVersionsRequest { ClientSoftwareName = "n", ClientSoftwareVersion = "1" });
        Assert.Equal(0, (await admin.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest())).ThrottleTimeMs);
        Assert.False(late.IsCompleted);
        clock.Move(told + 1);
        await late;
        Assert.Equal(1, broker.Server.Quotas.Throttled);
    }

    [Fact]
    public async Task Too_many_partitions_are_refused_in_new_versions_and_waited_for_in_old_ones()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock });
        using var client = await broker.ConnectAsync("maker");
        await client.LimitAsync("user", "ANONYMOUS", ("controller_mutation_rate", 1));

        // Eleven windows of one second can be saved up; the topic that goes over is still made.
        Assert.Equal((ErrorCode.None, 0), await CreateAsync(client, 7, "a", 15));
        Assert.Equal((ErrorCode.ThrottlingQuotaExceeded, 4000), await CreateAsync(client, 7, "b", 1));
        clock.Move(4001);
        Assert.Equal((ErrorCode.None, 0), await CreateAsync(client, 7, "b", 1));
        clock.Move(2001);
        Assert.Equal((ErrorCode.None, 3999), await CreateAsync(client, 5, "c", 5), new Near(5));
        clock.Move(2001);
        using var other = await broker.ConnectAsync("other");
        var refused = await other.AskAsync<CreatePartitionsResponse>(ApiKey.CreatePartitions, 3, new CreatePartitionsRequest { TimeoutMs = 1000, Topics = [new() { Name = "a", Count = 20, Assignments = null }] });
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, refused.Results[0].ErrorCode);
        Assert.InRange(refused.ThrottleTimeMs, 1, 2000);
        clock.Move(2001);
        var deleted = await other.AskAsync<DeleteTopicsResponse>(ApiKey.DeleteTopics, 5, new DeleteTopicsRequest { TimeoutMs = 1000, TopicNames = ["a", "b"] });
        Assert.Equal([ErrorCode.None, ErrorCode.ThrottlingQuotaExceeded], deleted.Responses.Select(topic => topic.ErrorCode));
        Assert.InRange(deleted.ThrottleTimeMs, 14_000, 15_000);

        // Whoever only asks about a topic that is not there makes none either.
        using var third = await broker.ConnectAsync("third");
        var asked = await third.AskAsync<MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = [new() { Name = "asked" }], AllowAutoTopicCreation = true });
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, asked.Topics[0].ErrorCode);
        Assert.InRange(asked.ThrottleTimeMs, 14_000, 15_000);
    }

    private static async Task<(ErrorCode Error, int Throttle)> CreateAsync(Conversation client, short version, string name, int partitions)
    {
        var answer = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, version, new CreateTopicsRequest { TimeoutMs = 1000, Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }] });
        return (answer.Topics[0].ErrorCode, answer.ThrottleTimeMs);
    }

    private sealed class Near(int most) : IEqualityComparer<(ErrorCode Error, int Throttle)>
    {
        public bool Equals((ErrorCode Error, int Throttle) one, (ErrorCode Error, int Throttle) other) => one.Error == other.Error && Math.Abs(one.Throttle - other.Throttle) <= most;

        public int GetHashCode((ErrorCode Error, int Throttle) one) => (int)one.Error;
    }

    private sealed class Slow(RequestHandler inner, TimerClock clock) : RequestHandler
    {
        public override void Start(Exchange exchange)
        {
            if (exchange.ClientId == "busy") clock.Move(60);
            inner.Start(exchange);
        }

        public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
