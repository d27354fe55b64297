using Moldau.Shared;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Folders;

/// <summary>A folder of format 1 that every later build opens. MOLDAU_REMAKE=1 makes it anew, for a format that has not been released.</summary>
public class FolderGoldenTests
{
    private static string GoldenPath => Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Storage", "Folders", "golden", "format-1");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_kept_folder_opens_with_all_it_holds(bool wasClosed)
    {
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1" && wasClosed) await RemakeAsync();
        var disk = new MemoryFileSystem();
        await CopyAsync(disk);
        if (!wasClosed) disk.DeleteFile($"{TestFolder.Path}/{CleanShutdownMarker.FileName}");

        await SampleFolder.CheckAsync(disk, wasClosed);
    }

    [Fact]
    public async Task The_check_holds_for_what_this_build_writes() => await SampleFolder.CheckAsync(await SampleFolder.MakeAsync(), wasClosed: true);

    [Fact]
    public void The_kept_folder_is_small() =>
        Assert.InRange(Directory.EnumerateFiles(GoldenPath, "*", SearchOption.AllDirectories).Sum(static path => new FileInfo(path).Length), 1, 200 * 1024);

    private static async Task CopyAsync(MemoryFileSystem disk)
    {
        foreach (var path in Directory.EnumerateFiles(GoldenPath, "*", SearchOption.AllDirectories))
        {
            var name = $"{TestFolder.Path}/{Path.GetRelativePath(GoldenPath, path).Replace('\\', '/')}";
            DurableFolder.Ensure(disk, Path.GetDirectoryName(name)!);
            using var file = disk.Open(name, OpenMode.New);
            file.Write(0, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        }
    }

    private static async Task RemakeAsync()
    {
        var disk = await SampleFolder.MakeAsync();
        if (Directory.Exists(GoldenPath)) Directory.Delete(GoldenPath, recursive: true);
        Directory.CreateDirectory(GoldenPath);
        await SaveAsync(disk, TestFolder.Path, GoldenPath);
    }

    private static async Task SaveAsync(MemoryFileSystem disk, string from, string to)
    {
        foreach (var entry in disk.List(from))
        {
            var path = Path.Combine(to, entry.Name);
            if (entry.IsFolder)
            {
                Directory.CreateDirectory(path);
                await SaveAsync(disk, $"{from}/{entry.Name}", path);
                continue;
            }

            using var file = disk.Open($"{from}/{entry.Name}", OpenMode.Existing);
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            await File.WriteAllBytesAsync(path, bytes);
        }
    }
}
