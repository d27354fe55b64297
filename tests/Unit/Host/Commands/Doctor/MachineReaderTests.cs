using Moldau.Host.Commands.Doctor.Reading;
using Xunit;

namespace Moldau.Unit.Host.Commands.Doctor;

public class MachineReaderTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void What_Linux_tells_is_read()
    {
        var files = new Dictionary<string, string>
        {
            ["/proc/self/limits"] = "Limit                     Soft Limit           Hard Limit           Units\nMax processes             1                    2                    processes\nMax open files            1024                 524288               files\n",
            ["/proc/meminfo"] = "MemTotal:       16384 kB\nMemFree:        1 kB\nSwapTotal:      2048 kB\n",
            ["/proc/sys/vm/swappiness"] = "60\n",
            ["/proc/self/cgroup"] = "0::/system.slice/moldau.service\n",
            ["/sys/fs/cgroup/system.slice/moldau.service/memory.max"] = "max\n",
            ["/sys/fs/cgroup/system.slice/memory.max"] = "4194304\n",
            ["/sys/fs/cgroup/memory.max"] = "8388608\n",
            ["/sys/fs/cgroup/system.slice/moldau.service/cpu.max"] = "50000 100000\n",
            ["/sys/fs/cgroup/cpu.max"] = "max 100000\n",
            ["/sys/kernel/mm/transparent_hugepage/enabled"] = "always [madvise] never\n",
            ["/sys/devices/system/clocksource/clocksource0/current_clocksource"] = "tsc\n",
        };

        var facts = new MachineReader(files.GetValueOrDefault, new Dictionary<string, string> { ["DOTNET_gcServer"] = "1", ["PATH"] = "/bin" }).Read();

        Assert.Equal((524288, 16384 * 1024, 2048 * 1024, 4194304), (facts.OpenFileLimit, facts.MemoryBytes, facts.SwapBytes, facts.MemoryLimitBytes));
        Assert.Equal((60, 0.5, "madvise", "tsc"), (facts.Swappiness, facts.ProcessorLimit, facts.HugePages, facts.ClockSource));
        Assert.Equal(["DOTNET_gcServer"], facts.RuntimeVariables.Keys);
    }

    [Fact]
    public void What_is_not_told_or_makes_no_sense_stays_unknown()
    {
        var none = new MachineReader(static _ => null, Nothing).Read();
        var odd = new MachineReader(static _ => "Max open files\nMemTotal:\n0::/a\n[", Nothing).Read();

        Assert.All([none, odd], static facts =>
        {
            Assert.Null(facts.OpenFileLimit);
            Assert.Null(facts.MemoryBytes);
            Assert.Null(facts.MemoryLimitBytes);
            Assert.Null(facts.ProcessorLimit);
            Assert.Null(facts.Swappiness);
            Assert.Null(facts.HugePages);
        });
    }

    [Fact]
    public void The_older_control_groups_limit_is_read_too()
    {
        var files = new Dictionary<string, string> { ["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "1048576\n", ["/proc/self/cgroup"] = "4:memory:/docker/x\n" };
        Assert.Equal(1048576, new MachineReader(files.GetValueOrDefault, Nothing).Read().MemoryLimitBytes);
    }

    [Theory]
    [InlineData("/data/logs", "xfs", "rw,noatime,rw,nobarrier")]
    [InlineData("/data", "xfs", "rw,noatime,rw,nobarrier")]
    [InlineData("/database", "ext4", "rw,rw")]
    [InlineData("/with blank/x", "tmpfs", "rw,rw")]
    public void A_path_lies_on_the_mount_that_is_nearest_above_it(string path, string kind, string options)
    {
        var mounts = new MountTable(
            """
            22 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
            40 22 8:1 / /data rw,noatime shared:2 master:3 - xfs /dev/sda1 rw,nobarrier
            41 22 0:30 / /with\040blank rw - tmpfs tmpfs rw
            not a mount
            """);

        var found = mounts.Find(path);

        Assert.Equal((kind, options), (found?.Kind, string.Join(',', found?.Options ?? [])));
        Assert.Null(new MountTable("").Find(path));
    }
}
