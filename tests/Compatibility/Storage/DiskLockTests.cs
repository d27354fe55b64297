using Moldau.Compatibility.Kafka;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Storage;

/// <summary>The lock of a data folder, between processes: two of ours, and one of ours and Kafka's.</summary>
public sealed class DiskLockTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DiskFileSystem _disk = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-lock-").FullName;

    private string LockPath => Path.Combine(_folder, ".lock");

    [Fact]
    public async Task A_second_process_is_refused_until_the_first_lets_go()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no 'env' here");
        using (_disk.TryLock(LockPath))
        {
            Assert.Equal("refused", await TryInAnotherProcessAsync());
        }

        Assert.Equal("taken", await TryInAnotherProcessAsync());
        using var again = _disk.TryLock(LockPath);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Kafka_is_refused_what_we_hold_even_after_we_tried_twice()
    {
        KafkaJars.Require();
        using (var held = _disk.TryLock(LockPath))
        {
            Assert.NotNull(held);
            Assert.Null(_disk.TryLock(LockPath));
            Assert.Equal(["refused"], await KafkaTriesAsync([LockPath]));
        }

        Assert.Equal(["taken"], await KafkaTriesAsync([LockPath]));
    }

    /// <summary>The break of the one above: what .NET offers locks for the process, and any closed handle of the file ends that.</summary>
    [Fact]
    public async Task Kafka_takes_a_lock_of_the_process_after_a_second_try()
    {
        KafkaJars.Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has locks of the process");
        await using var held = new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (OperatingSystem.IsLinux()) held.Lock(0, long.MaxValue);
        Assert.Equal(["refused"], await KafkaTriesAsync([LockPath]));

        Assert.Null(_disk.TryLock(LockPath));

        Assert.Equal(["taken"], await KafkaTriesAsync([LockPath]));
    }

    [Fact]
    public async Task We_are_refused_what_Kafka_holds()
    {
        KafkaJars.Require();
        IDisposable? whileHeld = null;
        var tried = false;

        var answer = await KafkaTriesAsync(PathThenTry());

        Assert.Equal(["taken"], answer);
        Assert.True(tried);
        Assert.Null(whileHeld);
        using var afterwards = _disk.TryLock(LockPath);
        Assert.NotNull(afterwards);

        // Kafka holds the lock as long as its input lasts, and that lasts as long as this does.
        IEnumerable<string> PathThenTry()
        {
            yield return LockPath;
            // The line must have left before it is waited for.
            yield return "";
            Assert.True(SpinWait.SpinUntil(() => File.Exists(LockPath + ".held"), Deadline), "waited for Kafka to take the lock");
            whileHeld = _disk.TryLock(LockPath);
            tried = true;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<string> TryInAnotherProcessAsync() => DiskChild.RunAsync(nameof(DiskWork.Tries_the_lock), _folder);

    private static Task<IReadOnlyList<string>> KafkaTriesAsync(IEnumerable<string> input) =>
        KafkaJars.RunAsync("Kafka's lock", Deadline, "Locks", input);
}
