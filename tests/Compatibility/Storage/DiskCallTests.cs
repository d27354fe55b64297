using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>That what we call durable is asked of the kernel, as strace sees it; and what a disk that is really full does.</summary>
public sealed class DiskCallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-calls-").FullName;

    [Fact]
    public async Task A_flush_is_fdatasync_a_folders_is_fsync_and_the_disks_is_syncfs()
    {
        await RequireTraceAsync();

        var (reported, calls) = await TraceAsync(nameof(DiskWork.Writes_and_flushes));

        Assert.Equal("all", reported);
        Assert.Equal([$"fdatasync {Path.Combine(_folder, "flushed")}", $"fsync {_folder}", $"syncfs {_folder}"], calls);
    }

    [Fact]
    public async Task Flushes_that_are_not_made_are_not_seen()
    {
        await RequireTraceAsync();

        var (reported, calls) = await TraceAsync(nameof(DiskWork.Writes_only));

        Assert.Equal("none", reported);
        Assert.Empty(calls);
    }

    [Fact]
    public async Task A_disk_that_is_full_takes_what_fits_and_has_room_again_after_a_delete()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting a small disk takes Linux and root");
        // In a mount namespace of its own the disk goes with the process.
        string[] mounted = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m none \"$0\" && exec \"$@\"", _folder];
        var refusal = await RefusalAsync([.. mounted, "true"]);
        Assert.SkipWhen(refusal is not null, "no disk can be mounted here: " + refusal);

        Assert.Equal("filled", await DiskChild.RunAsync(nameof(DiskWork.Fills_the_disk), _folder, mounted));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(string Reported, List<string> Calls)> TraceAsync(string work)
    {
        var trace = Path.Combine(_folder, "trace");
        var reported = await DiskChild.RunAsync(
            work, _folder, "strace", "-f", "-y", "--seccomp-bpf", "-o", trace, "-e", "trace=fsync,fdatasync,syncfs");
        var calls = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken))
        {
            // 4711 fdatasync(123</tmp/folder/name>) = 0; or "<unfinished ...>" in place of the end, and a line of its own for that.
            var start = line.IndexOf("sync", StringComparison.Ordinal);
            var open = line.IndexOf('<', StringComparison.Ordinal);
            var close = line.IndexOf('>', StringComparison.Ordinal);
            if (start < 0 || open < start || close < open) continue;
            var path = line[(open + 1)..close];
            if (!path.StartsWith(_folder, StringComparison.Ordinal)) continue;
            var name = line[..line.IndexOf('(', StringComparison.Ordinal)];
            calls.Add($"{name[(name.LastIndexOf(' ') + 1)..]} {path}");
        }

        return (reported, calls);
    }

    private static async Task RequireTraceAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is Linux'");
        var refusal = await RefusalAsync(["strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
        Assert.SkipWhen(refusal is not null, "strace cannot trace here: " + refusal);
    }

    /// <returns>Why the command failed; null where it did not.</returns>
    private static async Task<string?> RefusalAsync(string[] command)
    {
        try
        {
            await ChildProcess.RunAsync("a trial", TimeSpan.FromSeconds(20), "sh", ["-c", "\"$@\"", "sh", .. command]);
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }
}
