using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

public class FactDiskTests
{
    private readonly MemoryFileSystem _disk = new();

    [Fact]
    public async Task A_full_disk_refuses_the_transaction_reads_go_on_and_the_next_one_works_when_there_is_room()
    {
        var store = FactCalls.Open(_disk);
        await store.PutAsync("a", "1");
        _disk.Capacity = _disk.Capacity - _disk.FreeSpace("") + 30;

        Assert.Equal(FactRefusal.DiskFull, await RefusalOf(store.PutAsync("a", new string('x', 100))));
        Assert.Equal("a=1@1/1", FactCalls.Show(store.Read()));
        Assert.Null(store.ReadOnlyReason);

        _disk.Capacity = long.MaxValue;
        Assert.Equal(new FactOutcome.Applied(2), await store.PutAsync("a", "2"));
        await using var again = FactCalls.Open(_disk.AfterCrash(new Random(1)));
        Assert.Equal("a=2@1/2", FactCalls.Show(again.Read()));
    }

    [Fact]
    public async Task A_disk_too_full_to_write_the_file_anew_is_refused_and_opens_when_there_is_room()
    {
        await FactCalls.Open(_disk).PutAsync("a", "1");
        using (var file = _disk.Open(FactOpeningTests.Path, OpenMode.Existing)) file.Write(file.Length, [1, 2, 3]);
        _disk.Capacity = _disk.Capacity - _disk.FreeSpace("");

        var refused = Assert.Throws<DiskException>(() => FactCalls.Open(_disk));
        Assert.Equal(DiskFault.Full, refused.Fault);

        _disk.Capacity = long.MaxValue;
        var store = FactCalls.Open(_disk);
        Assert.Equal("a=1@1/1", FactCalls.Show(store.Read()));
        Assert.Equal(new FactOutcome.Applied(2), await store.PutAsync("a", "2"));
        Assert.True(_disk.FileExists(FactOpeningTests.Path + ".cut"));
    }

    [Fact]
    public async Task After_a_failed_flush_the_outcome_is_unknown_and_nothing_is_written_any_more()
    {
        var store = FactCalls.Open(_disk);
        await store.PutAsync("a", "1");
        _disk.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;

        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("a", "2"));
        _disk.Fault = null;

        Assert.Equal(FactRefusal.ReadOnly, await RefusalOf(store.PutAsync("a", "3")));
        Assert.Contains(FactOpeningTests.Path, store.ReadOnlyReason);
        Assert.Equal("a=1@1/1", FactCalls.Show(store.Read()));
    }

    [Fact]
    public async Task What_is_read_after_a_failed_flush_and_a_restart_survives_the_next_crash()
    {
        var store = FactCalls.Open(_disk);
        _disk.Fault = static (operation, _) => operation == DiskOperation.Flush ? DiskFault.Failed : null;
        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("a", "1"));
        _disk.Fault = null;

        // The page cache still has it; the disk does not.
        Assert.Equal("a=1@1/1", FactCalls.Show(FactCalls.Open(_disk).Read()));

        for (var seed = 0; seed < 10; seed++) Assert.Equal("a=1@1/1", FactCalls.Show(FactCalls.Open(_disk.AfterCrash(new Random(seed))).Read()));
    }

    [Fact]
    public async Task A_write_that_fails_is_cut_back_and_refused_and_the_cut_that_fails_is_doubt()
    {
        var store = FactCalls.Open(_disk);
        _disk.Fault = static (operation, _) => operation == DiskOperation.Write ? DiskFault.Failed : null;
        Assert.Equal(FactRefusal.DiskFailed, await RefusalOf(store.PutAsync("a", "1")));

        _disk.Fault = static (operation, _) => operation is DiskOperation.Write or DiskOperation.SetLength ? DiskFault.Failed : null;
        Assert.IsType<FactOutcome.Unknown>(await store.PutAsync("a", "1"));
        Assert.Equal(FactRefusal.ReadOnly, await RefusalOf(store.PutAsync("a", "1")));
    }

    [Theory]
    [InlineData(DiskOperation.Create, false)]
    [InlineData(DiskOperation.Rename, false)]
    [InlineData(DiskOperation.FlushFolder, true)]
    public async Task A_snapshot_that_fails_leaves_the_old_file_or_a_store_that_only_reads(DiskOperation failing, bool readOnly)
    {
        var store = FactCalls.Open(_disk, snapshotAfter: 300);
        _disk.Fault = (operation, _) => operation == failing ? DiskFault.Failed : null;
        var told = 0L;
        for (var i = 0; i < 20 && store.ReadOnlyReason is null; i++) told = Assert.IsType<FactOutcome.Applied>(await store.PutAsync("a", $"{i} {new string('x', 50)}")).Revision;

        Assert.Equal(readOnly, store.ReadOnlyReason is not null);
        for (var seed = 0; seed < 10; seed++)
        {
            await using var after = FactCalls.Open(_disk.AfterCrash(new Random(seed)));
            Assert.Equal(told, after.Revision);
        }
    }

    [Fact]
    public async Task A_grown_file_is_written_anew_with_the_revisions_that_are_kept()
    {
        var store = FactCalls.Open(_disk, snapshotAfter: 2_000, kept: 5);
        for (var i = 1; i <= 1_000; i++) await store.PutAsync($"k{i % 3}", $"{i}");

        Assert.InRange(_disk.List(FactCalls.Folder).Single().Length, 100, 5_000);
        Assert.InRange(store.Revision - store.LowestKept, 5, 100);
        var shown = FactCalls.Show(store.Read());
        await using var after = FactCalls.Open(_disk.AfterCrash(new Random(1)));
        Assert.Equal((store.LowestKept, shown), (after.LowestKept, FactCalls.Show(after.Read())));
    }

    [Fact]
    public async Task The_real_disk_keeps_it_too()
    {
        var folder = Directory.CreateTempSubdirectory("facts-").FullName;
        try
        {
            var disk = new DiskFileSystem();
            for (var opened = 0; opened < 3; opened++)
            {
                await using var store = FactStore.Open(disk, folder, new Random(opened), new FactStoreOptions { SnapshotAfter = 500, KeptRevisions = 5 });
                for (var i = 0; i < 20; i++) Assert.Equal(new FactOutcome.Applied(opened * 20 + i + 1), await store.PutAsync($"k{i}", $"{opened} {i}"));
            }

            await using var last = FactStore.Open(disk, folder, new Random(9));
            Assert.Equal((60, 20, "2 19"), (last.Revision, last.Read().List("").Count, last.Read().Text("k19")));
            Assert.Single(disk.List(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<FactRefusal> RefusalOf(Task<FactOutcome> task) => (await Assert.ThrowsAsync<FactRefusedException>(() => task)).Refusal;
}
