using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Storage.Files;

/// <summary>What a crash must not take, over many random pasts; and disks that take it, which must be noticed.</summary>
public class CrashPropertyTests
{
    private const int Seeds = 2000;

    [Fact]
    public void What_was_flushed_survives_every_crash_and_nothing_is_found_that_nobody_wrote()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var broken = CrashChecker.BrokenPromise(seed);
            Assert.True(broken is null, $"seed {seed}: {broken}");
        }
    }

    [Theory]
    [InlineData(nameof(ForgetfulDisk.Forgets.Flush))]
    [InlineData(nameof(ForgetfulDisk.Forgets.FlushFolder))]
    [InlineData(nameof(ForgetfulDisk.Forgets.FlushDisk))]
    public void A_disk_that_only_says_it_flushed_is_found_out(string what)
    {
        var forgets = Enum.Parse<ForgetfulDisk.Forgets>(what);
        var noticed = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            if (CrashChecker.BrokenPromise(seed, disk => new ForgetfulDisk(disk, forgets)) is not null) noticed++;
        }

        Assert.True(noticed > 20, $"only {noticed} of 200 crashes of a disk that forgets {what} were noticed");
    }

    [Fact]
    public void A_crash_of_one_past_with_one_seed_is_always_the_same()
    {
        var disk = new MemoryFileSystem();
        for (var i = 0; i < 10; i++)
        {
            using var file = disk.Open("f" + i, Moldau.Storage.Files.OpenMode.New);
            file.Write(0, new byte[] { 1, 2, 3 });
        }

        var first = disk.AfterCrash(new Random(5)).List("");
        var second = disk.AfterCrash(new Random(5)).List("");

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }
}
