using System.Buffers.Binary;
using System.Globalization;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>Logs on a real file system, whose processes are killed and whose disk is filled.</summary>
public sealed class LogCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-crash-").FullName;

    private static int Rounds => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 200 : 4;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_every_kill()
    {
        var random = TestSeed.For(nameof(What_was_acknowledged_is_there_after_every_kill));
        var (path, before) = (Path.Combine(_folder, LogWork.Data), new long[CountedFolder.Logs]);
        var torn = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, LogWork.Seed), random.Next().ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
            var killed = await Assert.ThrowsAsync<InvalidOperationException>(() => DiskChild.RunAsync(nameof(LogWork.Appends_until_it_is_killed), _folder, typeof(LogWork)));
            Assert.Contains("ended with 137", killed.Message, StringComparison.Ordinal);

            var acknowledged = Acknowledged();
            using var folder = new CountedFolder(path);
            folder.CheckNotes();
            torn += folder.Notes.Count;
            for (var i = 0; i < CountedFolder.Logs; i++)
            {
                Assert.True(acknowledged[i] > before[i], $"{TestSeed.Text}, round {round}: nothing was acknowledged in counted-{i}");
                folder.Check(i, acknowledged[i]);
                before[i] = folder[i].EndOffset;
            }
        }

        output.WriteLine($"{TestSeed.Text}: {Rounds} kills, {before.Sum()} records, {torn} notes at the starts");
    }

    [Fact]
    public async Task A_full_disk_refuses_appends_loses_nothing_and_takes_them_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting a small disk takes Linux and root");
        string[] mounted = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"", _folder];
        output.WriteLine(await DiskChild.RunAsync(nameof(LogWork.Fills_its_disk_with_logs), _folder, typeof(LogWork), mounted));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private long[] Acknowledged()
    {
        var bytes = File.ReadAllBytes(Path.Combine(_folder, LogWork.Acknowledged));
        return [.. Enumerable.Range(0, CountedFolder.Logs).Select(i => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * sizeof(long))))];
    }
}
