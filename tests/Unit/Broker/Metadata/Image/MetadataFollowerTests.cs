using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Image;

public sealed class MetadataFollowerTests : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<string> _told = [];

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task The_image_follows_the_store_and_subscribers_are_told_what_changed()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        var follower = await MetadataFollower.StartAsync(store);
        Assert.Equal(1, follower.Subscribe(Tell).Revision);
        var run = follower.RunAsync(_stop.Token);

        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1, 2));
        await follower.WaitForAsync(store.Revision, _stop.Token);
        await new RaiseLeaderEpochs(store).RunAsync(7, isUnclean: true);
        await follower.WaitForAsync(store.Revision, _stop.Token);
        await new AlterConfigs(store).RunAsync(ConfigResource.Topic("orders"), static _ => new Dictionary<string, string> { ["a"] = "1" });
        await follower.WaitForAsync(store.Revision, _stop.Token);
        await new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(1));
        var image = await follower.WaitForAsync(store.Revision, _stop.Token);

        Assert.Equal(["created orders 2", "changed orders-0 1", "changed orders-1 1", "config orders", "deleted orders", "config orders"], _told);
        Assert.Same(image, follower.Current);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task What_came_and_went_between_two_images_is_not_told()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("anew", 1));
        var follower = await MetadataFollower.StartAsync(store);
        follower.Subscribe(Tell);
        await DeleteAndCreateAsync(store);

        var run = follower.RunAsync(_stop.Token);

        await follower.WaitForAsync(store.Revision, _stop.Token);
        Assert.Equal(["deleted anew", "created anew 3"], _told);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task After_a_compaction_all_is_read_anew_and_told_as_if_it_had_been_watched()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("anew", 1));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("raised", 9, 2));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("same", 10, 2));
        await new AlterConfigs(store).RunAsync(ConfigResource.AllNodes, static _ => new Dictionary<string, string> { ["a"] = "1" });
        await new AlterConfigs(store).RunAsync(ConfigResource.Node(7), static _ => new Dictionary<string, string> { ["a"] = "1" });
        var follower = await MetadataFollower.StartAsync(store);
        follower.Subscribe(Tell);
        await DeleteAndCreateAsync(store);
        await new AlterConfigs(store).RunAsync(ConfigResource.AllNodes, static _ => MetadataCalls.NoConfigs);
        var state = await store.PartitionAsync(MetadataCalls.Id(9), 1);
        await new ChangePartition(store).RunAsync(MetadataCalls.Id(9), 1, state, state.Record with { LeaderEpoch = 4 });
        await store.CompactAsync(store.Revision);

        var run = follower.RunAsync(_stop.Token);

        var image = await follower.WaitForAsync(store.Revision, _stop.Token);
        Assert.Equal(["deleted anew", "created anew 3", "changed raised-1 4", "config "], _told);
        Assert.Equal(ImageText.Of(MetadataImage.Of(await store.ListAsync(""))), ImageText.Of(image));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Partitions_that_a_topic_got_later_are_told_as_new()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1));
        var follower = await MetadataFollower.StartAsync(store);
        MetadataUpdate? update = null;
        follower.Subscribe(told => update = told);
        await store.PutAsync(MetadataKeys.Partition(MetadataCalls.Id(1), 1), PartitionRecord.New([7]));
        await store.PutAsync(MetadataKeys.TopicName("orders"), new TopicNameRecord(MetadataCalls.Id(1), 2));
        var run = follower.RunAsync(_stop.Token);
        await follower.WaitForAsync(store.Revision, _stop.Token);

        var added = Assert.Single(update!.PartitionsChanged);
        Assert.Equal((1, null, 0), (added.Number, added.Before, added.After.Record.LeaderEpoch));
        Assert.Empty(update.TopicsCreated);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_ends_it_and_the_image_stays()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        var follower = await MetadataFollower.StartAsync(store);
        var run = follower.RunAsync(_stop.Token);
        var waiting = follower.WaitForAsync(2, _stop.Token);
        await store.ApplyAsync(new FactTransaction([], [FactOperation.Put("cluster", "{\"v\":2}"u8)]));

        Assert.Equal(MetadataRecordFault.NewerVersion, (await Assert.ThrowsAsync<MetadataRecordException>(() => run)).Fault);
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => follower.WaitForAsync(2, _stop.Token));
        Assert.Equal((1, "the cluster"), (follower.Current.Revision, follower.Current.Cluster!.ClusterId));
        await Assert.ThrowsAsync<MetadataRecordException>(() => MetadataFollower.StartAsync(store));
    }

    [Fact]
    public async Task A_subscriber_that_fails_ends_it()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        var follower = await MetadataFollower.StartAsync(store);
        follower.Subscribe(static _ => throw new FormatException("mine"));
        var run = follower.RunAsync(_stop.Token);
        await store.DeleteAsync("cluster");

        await Assert.ThrowsAsync<FormatException>(() => run);
    }

    [Fact]
    public async Task Who_no_longer_waits_holds_nobody_up()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        var follower = await MetadataFollower.StartAsync(store);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var waiting = follower.WaitForAsync(2, gone.Token);
        var staying = follower.WaitForAsync(3, _stop.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var run = follower.RunAsync(_stop.Token);
        await store.PutAsync("cluster", new ClusterRecord("a"));
        await store.PutAsync("cluster", new ClusterRecord("b"));

        Assert.Equal(3, (await staying).Revision);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private static async Task DeleteAndCreateAsync(LocalMetadataStore store)
    {
        await new DeleteTopic(store).RunAsync("anew", MetadataCalls.Id(1));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("anew", 2, 3));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("passing", 3));
        await new DeleteTopic(store).RunAsync("passing", MetadataCalls.Id(3));
        await new RemoveUnbornTopics(store).RunAsync();
    }

    private void Tell(MetadataUpdate update)
    {
        foreach (var topic in update.TopicsDeleted) _told.Add($"deleted {topic.Name}");
        foreach (var topic in update.TopicsCreated) _told.Add($"created {topic.Name} {topic.PartitionCount}");
        foreach (var changed in update.PartitionsChanged.OrderBy(static changed => changed.Number)) _told.Add($"changed {changed.Topic.Name}-{changed.Number} {changed.After.Record.LeaderEpoch}");
        foreach (var resource in update.ConfigsChanged) _told.Add($"config {resource.Name}");
    }
}
