using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>How much loggers say is changed while the broker runs, as with Kafka: by the configs of BROKER_LOGGER.</summary>
public class LogLevelTests
{
    private const sbyte BrokerLogger = 8;
    private const sbyte Set = 0;
    private const sbyte Delete = 1;

    [Fact]
    public async Task A_level_is_set_counts_at_once_and_can_be_taken_back()
    {
        var levels = new LogLevels();
        await using var broker = await TestBroker.StartAsync(options => options with { LogLevels = levels });
        using var client = await broker.ConnectAsync();
        Assert.False(levels.IsOn("Moldau.Network", LogLevel.Debug));

        Assert.Equal(ErrorCode.None, await AlterAsync(client, "Moldau.Network", Set, "DEBUG"));
        Assert.True(levels.IsOn("Moldau.Network", LogLevel.Debug));
        Assert.False(levels.IsOn("Moldau.Partitions", LogLevel.Debug));
        var told = await client.AskAsync<DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest { Resources = [new() { ResourceType = BrokerLogger, ResourceName = "1", ConfigurationKeys = null }] });
        Assert.Contains(told.Results[0].Configs, static config => config is { Name: "Moldau.Network", Value: "DEBUG" });
        Assert.Contains(told.Results[0].Configs, static config => config is { Name: "Moldau.Coordinators", Value: "INFO" });

        Assert.Equal(ErrorCode.None, await AlterAsync(client, "Moldau.Network", Delete, null));
        Assert.False(levels.IsOn("Moldau.Network", LogLevel.Debug));
    }

    [Fact]
    public async Task A_level_or_a_logger_that_there_is_not_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();

        Assert.NotEqual(ErrorCode.None, await AlterAsync(client, "Moldau.Network", Set, "LOUD"));
        Assert.NotEqual(ErrorCode.None, await AlterAsync(client, "Moldau.Nothing", Set, "DEBUG"));
    }

    private static async Task<ErrorCode> AlterAsync(Conversation client, string logger, sbyte operation, string? level)
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = BrokerLogger, ResourceName = "1", Configs = [new() { Name = logger, ConfigOperation = operation, Value = level }] }] };
        return (await client.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, request)).Responses[0].ErrorCode;
    }
}
