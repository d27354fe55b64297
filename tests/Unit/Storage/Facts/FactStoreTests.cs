using Moldau.Storage.Facts;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactStoreTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public async Task Revisions_rise_by_one_with_each_transaction_that_changes_something()
    {
        await using var store = FactCalls.Open(_disk);

        Assert.Equal(new FactOutcome.Applied(1), await store.DoAsync(FactCalls.Put("b", "1"), FactCalls.Put("a", "1")));
        Assert.Equal(new FactOutcome.Applied(2), await store.PutAsync("a", "2"));
        Assert.Equal(new FactOutcome.Applied(2), await store.DoAsync(FactOperation.Delete("nothing")));
        Assert.Equal(new FactOutcome.Applied(3), await store.DoAsync(FactOperation.Delete("a")));
        Assert.Equal(new FactOutcome.Applied(4), await store.PutAsync("a", "3"));

        Assert.Equal("a=3@4/4 b=1@1/1", FactCalls.Show(store.Read()));
        Assert.Equal("a=2@1/2 b=1@1/1", FactCalls.Show(store.Read(2)));
        Assert.Equal("", FactCalls.Show(store.Read(0)));
        Assert.Equal(4, Assert.Throws<FactFutureRevisionException>(() => store.Read(5)).Latest);
    }

    [Fact]
    public async Task A_transaction_whose_condition_does_not_hold_changes_nothing_and_tells_what_is_there()
    {
        await using var store = FactCalls.Open(_disk);
        await store.PutAsync("name", "1");
        await store.PutAsync("name", "2");
        FactCondition[] hold =
        [
            FactCondition.Exists("name"), FactCondition.Missing("other"), FactCondition.ModRevision("name", 2), FactCondition.CreateRevision("name", 1),
            FactCondition.ModRevision("other", 0), FactCondition.CreateRevision("other", 0),
        ];
        FactCondition[] fail =
        [
            FactCondition.Missing("name"), FactCondition.Exists("other"), FactCondition.ModRevision("name", 1), FactCondition.CreateRevision("name", 2),
            FactCondition.ModRevision("other", 1), FactCondition.CreateRevision("other", 2),
        ];

        foreach (var condition in hold) Assert.Equal(new FactOutcome.Applied(2), await store.DoIfAsync(condition));
        foreach (var condition in fail)
        {
            var rejected = Assert.IsType<FactOutcome.Rejected>(await store.DoIfAsync(condition, FactCalls.Put("name", "3"), FactCalls.Put("third", "3")));
            var (key, entry) = Assert.Single(rejected.Current);
            Assert.Equal((2, condition.Key), (rejected.Revision, key));
            Assert.Equal(condition.Key == "name" ? 2 : null, entry?.ModRevision);
        }

        Assert.Equal("name=2@1/2", FactCalls.Show(store.Read()));
    }

    [Fact]
    public async Task A_prefix_is_read_and_deleted_as_one()
    {
        await using var store = FactCalls.Open(_disk);
        await store.DoAsync(FactCalls.Put("t/1", "x"), FactCalls.Put("t/2", "y"), FactCalls.Put("t", "z"), FactCalls.Put("u/1", "w"));

        Assert.Equal(["t/1", "t/2"], store.Read().List("t/").Select(entry => entry.Key));
        await store.DoAsync(FactOperation.DeletePrefix("t/"), FactOperation.Delete("t/1"));

        Assert.Equal("t=z@1/1 u/1=w@1/1", FactCalls.Show(store.Read()));
        Assert.Equal("-t/1@2 -t/2@2", FactCalls.Show(store.Watch("", 1).Read(10)));
        await store.DoAsync(FactOperation.DeletePrefix(""));
        Assert.Empty(store.Read().List(""));
    }

    [Fact]
    public void Keys_are_ordered_as_their_utf8_bytes()
    {
        string[] keys = ["a", "aa", "b", "é", "\uD7FF", "\uE000", "\uFFFF", "\U00010000", "\U0010FFFF", "\uFFFFa", "a\U00010000"];
        foreach (var one in keys)
        {
            foreach (var other in keys)
            {
                var bytes = System.Text.Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(other));
                Assert.Equal(Math.Sign(bytes), Math.Sign(FactKeyOrder.Instance.Compare(one, other)));
            }
        }
    }

    [Fact]
    public async Task What_etcd_would_refuse_is_refused_here_by_name()
    {
        await using var store = FactCalls.Open(_disk);
        var puts = Enumerable.Range(0, 101).Select(i => FactCalls.Put($"k{i}", "")).ToArray();

        await Refused(FactRefusal.TooManyOperations, new FactTransaction([], puts));
        await Refused(FactRefusal.TooManyOperations, new FactTransaction([.. puts.Select(put => FactCondition.Exists(put.Key))], []));
        await Refused(FactRefusal.TooLarge, new FactTransaction([], [FactOperation.Put("k", new byte[1024 * 1024])]));
        await Refused(FactRefusal.InvalidKey, new FactTransaction([], [FactCalls.Put("", "")]));
        await Refused(FactRefusal.InvalidKey, new FactTransaction([], [FactCalls.Put("a\uD800", "")]));
        await Refused(FactRefusal.KeyTwice, new FactTransaction([], [FactCalls.Put("a", "1"), FactCalls.Put("a", "2")]));
        await Refused(FactRefusal.KeyTwice, new FactTransaction([], [FactCalls.Put("a", "1"), FactOperation.Delete("a")]));
        await Refused(FactRefusal.KeyTwice, new FactTransaction([], [FactOperation.DeletePrefix("a"), FactCalls.Put("ab", "1")]));
        Assert.Equal(0, store.Revision);

        Assert.Equal(new FactOutcome.Applied(1), await store.DoAsync(puts[..100]));
        Assert.Equal(new FactOutcome.Applied(2), await store.DoAsync(FactOperation.Put("k", new byte[1024 * 1024 - 1])));

        async Task Refused(FactRefusal why, FactTransaction transaction) =>
            Assert.Equal(why, (await Assert.ThrowsAsync<FactRefusedException>(() => store.ApplyAsync(transaction))).Refusal);
    }

    [Fact]
    public async Task Transactions_that_arrive_together_share_a_flush()
    {
        var work = new HeldWork();
        var store = FactCalls.Open(_disk, run: work.Hold);
        var flushes = 0;
        _disk.Fault = (operation, _) =>
        {
            if (operation == DiskOperation.Flush) flushes++;
            return null;
        };

        var tasks = Enumerable.Range(0, 50).Select(i => store.DoIfAsync(FactCondition.Missing("one"), FactCalls.Put("one", $"{i}"))).ToList();
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        work.Release();

        Assert.Equal(1, flushes);
        Assert.Equal(new FactOutcome.Applied(1), await tasks[0]);
        foreach (var task in tasks.Skip(1)) Assert.IsType<FactOutcome.Rejected>(await task);
    }

    [Fact]
    public async Task Many_threads_count_without_losing_one()
    {
        await using var store = FactStore.Open(_disk, FactCalls.Folder, new Random(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 50;)
            {
                var entry = store.Read().Find("count");
                var outcome = await store.DoIfAsync(FactCondition.ModRevision("count", entry?.ModRevision ?? 0), FactCalls.Put("count", $"{Value(entry) + 1}"));
                if (outcome is FactOutcome.Applied) done++;
            }
        })));

        Assert.Equal(200, Value(store.Read().Find("count")));
        Assert.Equal(200, store.Revision);

        static int Value(FactEntry? entry) => entry is null ? 0 : int.Parse(System.Text.Encoding.UTF8.GetString(entry.Value.Span));
    }

    [Fact]
    public async Task A_closed_store_takes_nothing_more_and_a_second_close_is_no_fault()
    {
        var store = FactCalls.Open(_disk);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.PutAsync("a", "1"));
    }

    [Fact]
    public async Task Doubt_and_compaction_can_be_put_in_for_those_who_must_live_with_etcds()
    {
        var ends = new Queue<InjectedOutcome>([InjectedOutcome.UnknownApplied, InjectedOutcome.UnknownLost, InjectedOutcome.None]);
        long? lowest = null;
        await using var store = FactCalls.Open(_disk, new FactFaults { Outcome = _ => ends.Dequeue(), Compacted = _ => lowest });

        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("a", "1"));
        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("b", "1"));
        Assert.Equal(new FactOutcome.Applied(2), await store.PutAsync("c", "1"));
        Assert.Equal("a=1@1/1 c=1@2/2", FactCalls.Show(store.Read()));

        lowest = 2;
        Assert.Equal(2, Assert.Throws<FactCompactedException>(() => store.Read(1)).LowestKept);
        Assert.Equal(2, Assert.Throws<FactCompactedException>(() => store.Watch("", 1).Read(1)).LowestKept);
    }
}
