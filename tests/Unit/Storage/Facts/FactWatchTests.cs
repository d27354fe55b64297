using Moldau.Storage.Facts;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactWatchTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public async Task A_watch_gives_each_change_of_its_prefix_once_in_order_and_never_half_a_revision()
    {
        await using var store = FactCalls.Open(_disk);
        await store.PutAsync("t/1", "before");
        var watch = store.Watch("t/", store.Revision);
        await store.DoAsync(FactCalls.Put("t/3", "c"), FactCalls.Put("t/2", "b"), FactOperation.Delete("t/1"));
        await store.PutAsync("other", "x");
        await store.PutAsync("t/2", "d");

        var first = watch.Read(1);
        Assert.Equal(("-t/1@2 t/2=b@2 t/3=c@2", 3), (FactCalls.Show(first), first.Through));
        Assert.Equal("t/2=d@4", FactCalls.Show(watch.Read(1)));
        Assert.Empty(watch.Read(1).Changes);
        Assert.Equal(4, watch.Position);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_change_with_a_cancellation_or_with_the_store()
    {
        var store = FactCalls.Open(_disk);
        var watch = store.Watch("", 0);
        var waiting = watch.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        await store.PutAsync("a", "1");
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await watch.WaitAsync(CancellationToken.None);
        Assert.Single(watch.Read(10).Changes);

        using var cancellation = new CancellationTokenSource();
        var cancelled = watch.WaitAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var closed = watch.WaitAsync(CancellationToken.None);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compacted_revisions_are_refused_to_readers_and_watches_also_after_a_restart()
    {
        var store = FactCalls.Open(_disk);
        for (var i = 1; i <= 5; i++) await store.PutAsync("a", $"{i}");
        var behind = store.Watch("", 2);
        var atEdge = store.Watch("", 3);
        var old = store.Read(1);
        await Assert.ThrowsAsync<FactFutureRevisionException>(() => store.CompactAsync(6));
        await store.CompactAsync(3);
        await store.CompactAsync(2);

        Check(store);
        Assert.Equal("1", old.Text("a"));
        Assert.Equal(3, Assert.Throws<FactCompactedException>(() => behind.Read(9)).LowestKept);
        Assert.Equal("a=4@4 a=5@5", FactCalls.Show(atEdge.Read(9)));

        for (var restart = 0; restart < 2; restart++)
        {
            await store.DisposeAsync();
            store = FactCalls.Open(_disk);
            Check(store);
            Assert.Equal("a=4@4 a=5@5", FactCalls.Show(store.Watch("", 3).Read(9)));
        }

        static void Check(FactStore store)
        {
            Assert.Equal((3, 5), (store.LowestKept, store.Revision));
            Assert.Equal("3", store.Read(3).Text("a"));
            Assert.Equal((2, 3), Assert.Throws<FactCompactedException>(() => store.Read(2)) is var refused ? (refused.Revision, refused.LowestKept) : default);
        }
    }
}
