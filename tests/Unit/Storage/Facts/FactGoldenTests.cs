using Moldau.Shared;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Facts;

/// <summary>A file of format 1 that every later build opens. MOLDAU_REMAKE=1 makes it anew, for a format that has not been released.</summary>
public class FactGoldenTests
{
    private const string Shown = "a/1=one again@1/3 a/3=drei@2/2 c=@5/5 \uFFFF=x@4/4 \U00010000=y@4/4";

    private static string GoldenPath => Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Storage", "Facts", "golden", "format-1.bin");

    [Fact]
    public async Task The_kept_file_opens_with_every_revision_it_has()
    {
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1") await RemakeAsync();
        var disk = new MemoryFileSystem();
        disk.CreateFolder(FactCalls.Folder);
        using (var file = disk.Open(FactOpeningTests.Path, OpenMode.New)) file.Write(0, await File.ReadAllBytesAsync(GoldenPath, TestContext.Current.CancellationToken));

        await using var store = FactCalls.Open(disk);

        Assert.Equal((2, 5), (store.LowestKept, store.Revision));
        Assert.Equal(Shown, FactCalls.Show(store.Read()));
        Assert.Equal("a/1=one@1/1 a/2=two@1/1 a/3=drei@2/2", FactCalls.Show(store.Read(2)));
        Assert.Equal("a/1=one again@3 -a/2@3", FactCalls.Show(store.Watch("a/", 2).Read(10)));
        Assert.Equal(0, store.Opening.CutBytes);
    }

    /// <summary>Every kind of frame and record: keys, changes before and behind the seal, a compaction.</summary>
    private static async Task RemakeAsync()
    {
        var disk = new MemoryFileSystem();
        var store = FactCalls.Open(disk);
        await store.DoAsync(FactCalls.Put("a/1", "one"), FactCalls.Put("a/2", "two"));
        await store.PutAsync("a/3", "drei");
        await store.DoAsync(FactCalls.Put("a/1", "one again"), FactOperation.Delete("a/2"));
        await store.CompactAsync(1);
        await store.DisposeAsync();
        store = FactCalls.Open(disk);
        await store.DoAsync(FactCalls.Put("\U00010000", "y"), FactCalls.Put("\uFFFF", "x"));
        await store.CompactAsync(2);
        await store.PutAsync("c", "");
        using var file = disk.Open(FactOpeningTests.Path, OpenMode.Existing);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(GoldenPath)!);
        await File.WriteAllBytesAsync(GoldenPath, bytes);
    }
}
