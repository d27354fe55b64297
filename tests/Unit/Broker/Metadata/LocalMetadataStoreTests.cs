using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Metadata;

public class LocalMetadataStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_are_as_of_a_revision_or_the_latest()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync("node/1", new ClusterRecord("a"));
        await store.PutAsync("node/2", new ClusterRecord("b"));
        await store.DeleteAsync("node/1");

        Assert.Null((await store.GetAsync("node/1")).Entry);
        Assert.Equal(1, (await store.GetAsync("node/1", 2)).Entry!.ModRevision);
        Assert.Equal((3, 2), ((await store.GetAsync("node/2")).Revision, (await store.GetAsync("node/1", 2)).Revision));
        Assert.Equal(["node/2"], (await store.ListAsync("node/")).Entries.Select(static entry => entry.Key));
        Assert.Equal(["node/1", "node/2"], (await store.ListAsync("node/", 2)).Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task A_forgotten_revision_is_told_through_the_task()
    {
        await using var store = MetadataCalls.Open();
        for (var i = 0; i < 4; i++) await store.PutAsync("cluster", new ClusterRecord($"{i}"));
        await store.CompactAsync(3);

        Assert.Equal(3, (await Assert.ThrowsAsync<FactCompactedException>(() => store.GetAsync("cluster", 2))).LowestKept);
        await Assert.ThrowsAsync<FactCompactedException>(() => store.ListAsync("", 1));
        await Assert.ThrowsAsync<FactFutureRevisionException>(() => store.ListAsync("", 9));
        await using var watch = store.WatchAsync("", 2, Cancellation).GetAsyncEnumerator(Cancellation);
        await Assert.ThrowsAsync<FactCompactedException>(async () => await watch.MoveNextAsync());
    }

    [Fact]
    public async Task A_watch_tells_what_was_and_waits_for_what_comes()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync("node/1", new ClusterRecord("a"));
        await using var watch = store.WatchAsync("node/", 0, Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(("node/1", 1L), (Assert.Single(watch.Current.Changes).Key, watch.Current.Through));
        var next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await store.PutAsync("cluster", new ClusterRecord("elsewhere"));
        Assert.True(await next);
        Assert.Equal((0, 2L), (watch.Current.Changes.Count, watch.Current.Through));
    }

    [Fact]
    public async Task A_watch_ends_when_cancelled_even_where_it_never_waits()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync("node/1", new ClusterRecord("a"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var watch = store.WatchAsync("", 0, cancel.Token).GetAsyncEnumerator(Cancellation);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await watch.MoveNextAsync());
    }

    [Theory]
    [InlineData(FactTransaction.ListLimit, 10, null)]
    [InlineData(FactTransaction.ListLimit + 1, 10, FactRefusal.TooManyOperations)]
    [InlineData(2, 600_000, FactRefusal.TooLarge)]
    public async Task The_limits_are_those_of_etcd(int operations, int size, FactRefusal? refusal)
    {
        await using var store = MetadataCalls.Open();
        var transaction = new FactTransaction([], [.. Enumerable.Range(0, operations).Select(i => FactOperation.Put($"k{i}", new byte[size]))]);

        if (refusal is null) Assert.IsType<FactOutcome.Applied>(await store.ApplyAsync(transaction));
        else Assert.Equal(refusal, (await Assert.ThrowsAsync<FactRefusedException>(() => store.ApplyAsync(transaction))).Refusal);
    }

    [Fact]
    public async Task Doubts_can_be_put_in()
    {
        var outcome = InjectedOutcome.UnknownApplied;
        await using var store = MetadataCalls.Open(faults: new FactFaults { Outcome = _ => outcome, Compacted = static revision => revision < 5 ? 5 : null });

        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("cluster", new ClusterRecord("a")));
        Assert.NotNull((await store.GetAsync("cluster")).Entry);
        outcome = InjectedOutcome.UnknownLost;
        Assert.IsType<FactOutcome.Unknown>(await store.DeleteAsync("cluster"));
        Assert.NotNull((await store.GetAsync("cluster")).Entry);
        await Assert.ThrowsAsync<FactCompactedException>(() => store.ListAsync("", 1));
    }

    [Fact]
    public async Task What_was_applied_is_there_after_a_crash()
    {
        var disk = new MemoryFileSystem();
        var store = MetadataCalls.Open(disk);
        await store.PutAsync("cluster", new ClusterRecord("a"));

        await using var reopened = MetadataCalls.Open(disk.AfterCrash(new Random(1)));

        Assert.Equal("a", (await reopened.FindAsync<ClusterRecord>("cluster"))!.ClusterId);
    }
}
