using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol.Errors;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Client.Admin;

public sealed class PartitionAdminTests(EmbeddedBrokerFixture fixture) : IClassFixture<EmbeddedBrokerFixture>, IAsyncDisposable
{
    private static readonly TopicPartition First = new("places", 0);

    private readonly KafkaClient _client = new(new() { Bootstrap = fixture.BootstrapServers });

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Elections_moves_and_folders_are_asked_for_and_answered_by_partition()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _client.Topics.CreateAsync([new NewTopic("places") { Partitions = 2 }], cancellation: cancellation);
        var elected = await _client.Partitions.ElectLeadersAsync([First, new("places", 7)], cancellation: cancellation);
        Assert.Equal([ErrorCode.ElectionNotNeeded, ErrorCode.UnknownTopicOrPartition], elected.OrderBy(static one => one.Value.Partition).Select(static one => one.Error!.Code));

        var moved = await _client.Partitions.ReassignAsync(new Dictionary<TopicPartition, IReadOnlyList<int>?> { [First] = [1], [new("places", 1)] = [9] }, cancellation);
        Assert.Null(moved.Single(static one => one.Value.Partition == 0).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, moved.Single(static one => one.Value.Partition == 1).Error!.Code);
        Assert.Empty(await _client.Partitions.ReassignmentsAsync(cancellation: cancellation));
        var cancelled = Assert.Single(await _client.Partitions.ReassignAsync(new Dictionary<TopicPartition, IReadOnlyList<int>?> { [First] = null }, cancellation));
        Assert.Equal(ErrorCode.NoReassignmentInProgress, cancelled.Error!.Code);

        var folders = await _client.Partitions.MoveToFoldersAsync(1, new Dictionary<TopicPartition, string> { [First] = "/nowhere" }, cancellation);
        Assert.Equal(ErrorCode.LogDirNotFound, Assert.Single(folders).Error!.Code);
    }

    [Fact]
    public async Task Features_are_checked_and_a_broker_that_is_not_there_cannot_be_forgotten()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var group = (await _client.Cluster.FeaturesAsync(cancellation)).Single(static feature => feature.Name == "group.version");
        Assert.True((await _client.Cluster.UpdateFeaturesAsync([new FeatureChange(group.Name, group.Finalized!.Value)], validateOnly: true, cancellation)).Single().Succeeded);
        await Assert.ThrowsAsync<KafkaException>(() => _client.Cluster.UpdateFeaturesAsync([new FeatureChange(group.Name, 99)], validateOnly: true, cancellation));
        var unknown = await Assert.ThrowsAsync<KafkaException>(() => _client.Cluster.UnregisterAsync(77, cancellation));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, unknown.Code);
    }

    [Fact]
    public async Task Offsets_are_planned_and_applied_and_a_groups_lag_is_one_call()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _client.Topics.CreateAsync([new NewTopic("lagging") { Partitions = 1 }], cancellation: cancellation);
        var where = new TopicPartition("lagging", 0);
        await _client.Groups.AlterOffsetsAsync("g", new Dictionary<TopicPartition, OffsetPosition> { [where] = new(0) }, cancellation);
        var plan = await _client.Groups.PlanAsync("g", [where], GroupSeek.Latest, cancellation);
        Assert.True(Assert.Single(await _client.Groups.ApplyAsync("g", plan, cancellation)).Succeeded);
        Assert.Equal((0L, 0L), Assert.Single(await _client.Groups.LagAsync("g", cancellation)) is { } lag ? (lag.Committed, lag.End) : default);
    }
}
