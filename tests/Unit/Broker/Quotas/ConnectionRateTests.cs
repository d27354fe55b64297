using System.Net.Sockets;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

public class ConnectionRateTests
{
    [Fact]
    public async Task Two_thousand_connections_from_one_address_cost_a_bounded_number_of_sockets_and_others_are_served()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock });
        using var admin = await broker.ConnectAsync("admin");
        await admin.LimitAsync("ip", "127.0.0.1", ("connection_creation_rate", 2));

        var crowd = new List<Socket>();
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                crowd.Add(socket);
                await socket.ConnectAsync(broker.Address, TestContext.Current.CancellationToken);
            }

            await ConnectionTests.UntilAsync(() => broker.Server.ConnectionRates.Refused == 1_980, "1,980 to be refused");
            // Two a second over ten seconds, and the administrator before.
            Assert.Equal(21, broker.Server.Connections.Count);
            await ConnectionTests.UntilAsync(() => crowd.Count(IsClosed) == 980, "those to be closed for whom there was no room");
            clock.Move(1_001);
            await ConnectionTests.UntilAsync(() => crowd.Count(IsClosed) == 1_980, "those that were held to be closed");
            await admin.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }

        clock.Move(11_000);
        using var later = await broker.ConnectAsync();
        await later.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
    }

    [Fact]
    public async Task How_many_connections_there_may_be_follows_a_change()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = await broker.ConnectAsync();
        using var second = await broker.ConnectAsync();
        await second.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
        foreach (var (name, value, isLetIn) in new[] { ("max.connections.per.ip", "2", false), ("max.connections.per.ip.overrides", "127.0.0.1:3", true), ("max.connections", "2", false), ("max.connections", "3", true) })
        {
            var resource = new IncrementalAlterConfigsRequest.Resource { ResourceType = 4, ResourceName = "", Configs = [new() { Name = name, Value = value }] };
            var altered = await admin.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new IncrementalAlterConfigsRequest { Resources = [resource] });
            Assert.Equal(ErrorCode.None, altered.Responses[0].ErrorCode);
            await ConnectionTests.UntilAsync(() => broker.Server.Connections.Count == 2, "the third of before to be gone");
            using var third = await broker.ConnectAsync();
            if (isLetIn) await third.AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
            else await third.ExpectClosedAsync();
        }
    }

    [Theory]
    [InlineData("max.connection.creation.rate")]
    [InlineData("listener.name.plaintext.max.connection.creation.rate")]
    public async Task A_listener_that_took_too_many_waits_before_it_takes_the_next(string setting)
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock }, settings: new() { [setting] = "1" });
        var first = new List<Conversation>();
        try
        {
            for (var i = 0; i < 10; i++) first.Add(await broker.ConnectAsync());
            await ConnectionTests.UntilAsync(() => broker.Server.Connections.Count == 10, "ten to be taken");
            first.Add(await broker.ConnectAsync());
            var answer = first[^1].AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
            await first[0].AskAsync<DescribeClusterResponse>(ApiKey.DescribeCluster, 1, new DescribeClusterRequest());
            Assert.False(answer.IsCompleted);
            // It may not have come to its wait yet when the clock is first moved.
            while (!answer.IsCompleted)
            {
                clock.Move(100);
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await answer;
        }
        finally
        {
            first.ForEach(conversation => conversation.Dispose());
        }
    }

    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
}
