using System.Text;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Unit.Broker.Metadata.Records;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Image;

public class MetadataImageTests
{
    [Fact]
    public async Task Everything_a_request_needs_is_found()
    {
        await using var store = await MetadataCalls.OpenWithClusterAsync();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1) with { Partitions = [MetadataCalls.Partition(7, 0, 0, 7), MetadataCalls.Partition(8, 0, 0, 8, 7), MetadataCalls.Partition(8, 0, 0, 8)] });
        var image = MetadataImage.Of(await store.ListAsync(""));

        var topic = image.FindTopic("orders")!.Value;
        Assert.Equal(("orders", MetadataCalls.Id(1), 3), (topic.Name, topic.Id, topic.PartitionCount));
        Assert.Equal("orders", image.FindTopic(MetadataCalls.Id(1))!.Value.Name);
        Assert.Equal(8, topic.Partition(1)!.Record.Leader);
        Assert.Same(topic.Partition(1), image.FindPartition(MetadataCalls.Id(1), 1));
        Assert.Null(topic.Partition(3));
        Assert.Null(topic.Partition(-1));
        Assert.Null(image.FindTopic("others"));
        Assert.Null(image.FindPartition(MetadataCalls.Id(2), 0));
        Assert.Equal((1, "the cluster", store.Revision), (image.TopicCount, image.Cluster!.ClusterId, image.Revision));
        Assert.Equal([(0, "orders"), (1, "orders")], image.PartitionsOn(7).Select(static hosted => (hosted.Partition, hosted.Topic)).Order());
    }

    [Fact]
    public async Task Every_kind_of_record_reaches_it_by_a_read_and_by_changes_alike()
    {
        await using var store = MetadataCalls.Open();
        var followed = MetadataImage.Empty;
        foreach (var (key, value) in SampleRecords.All)
        {
            await store.ApplyAsync(new FactTransaction([], [FactOperation.Put(key, value)]));
            followed = await FollowAsync(store, followed);
            Assert.Equal(ImageText.Of(MetadataImage.Of(await store.ListAsync(""))), ImageText.Of(followed));
        }

        Assert.Equal(20, ImageText.Of(followed).Count);
        foreach (var (key, _) in SampleRecords.All)
        {
            await store.DeleteAsync(key);
            followed = await FollowAsync(store, followed);
            Assert.Equal(ImageText.Of(MetadataImage.Of(await store.ListAsync(""))), ImageText.Of(followed));
        }

        Assert.Empty(ImageText.Of(followed));
    }

    [Fact]
    public async Task A_topic_is_not_there_before_its_name_and_then_whole()
    {
        await using var store = MetadataCalls.Open();
        var image = MetadataImage.Empty;
        var partitionsSeen = new List<int>();
        var revisions = 0L;
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("large", 1, 350));
        while (revisions < store.Revision)
        {
            image = MetadataImage.Of(await store.ListAsync("", ++revisions));
            partitionsSeen.Add(image.PartitionsOn(7).Count());
            Assert.Equal(partitionsSeen[^1] == 0 ? 0 : 1, image.TopicCount);
        }

        Assert.Equal([0, 0, 0, 0, 0, 350], partitionsSeen);
    }

    [Fact]
    public async Task An_image_stays_what_it_is()
    {
        await using var store = MetadataCalls.Open();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1, 300));
        var image = await FollowAsync(store, MetadataImage.Empty);
        var before = ImageText.Of(image);
        await new RaiseLeaderEpochs(store).RunAsync(7, isUnclean: true);
        var after = await FollowAsync(store, image);

        Assert.Equal(before, ImageText.Of(image));
        Assert.NotEqual(before, ImageText.Of(after));
    }

    [Fact]
    public async Task What_was_taken_in_is_not_taken_in_again()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync("cluster", new ClusterRecord("new"));
        var image = await FollowAsync(store, MetadataImage.Empty);

        var stale = new FactChange(1, "cluster", new FactEntry("cluster", Encoding.UTF8.GetBytes("""{"v":1,"clusterId":"old"}"""), 1, 1));
        Assert.Equal("new", image.After(new FactChanges([stale], 1)).After.Cluster!.ClusterId);
    }

    private static async Task<MetadataImage> FollowAsync(LocalMetadataStore store, MetadataImage image)
    {
        await using var watch = store.WatchAsync("", image.Revision, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watch.MoveNextAsync());
        return image.After(watch.Current).After;
    }
}
