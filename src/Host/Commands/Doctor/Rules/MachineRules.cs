using System.Globalization;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>What a machine should be like.</summary>
internal static class MachineRules
{
    private const long MiB = 1024 * 1024;
    private const long FewFiles = 65_536;
    private const long TooFewFiles = 4_096;

    private static readonly string[] FastClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "xen", "timebase"];

    /// <summary>Each with the value the program is built with, and what another one means.</summary>
    private static readonly (string Name, string[] Harmless, string Meaning)[] RuntimeSwitches =
    [
        ("DOTNET_gcServer", ["0"], "a heap for each processor, all as large as the one"),
        ("DOTNET_gcConcurrent", ["0"], "a thread that collects beside the others, and costs them memory"),
        ("DOTNET_TieredPGO", ["1"], "code is not compiled anew by how it runs"),
        ("DOTNET_TieredCompilation", ["1"], "what was compiled ahead stays as it is, or all is compiled at the start"),
        ("DOTNET_ReadyToRun", ["1"], "what was compiled ahead is not used: a slow start"),
    ];

    public static IEnumerable<Finding> OpenFiles(MachineFacts facts)
    {
        if (facts.OpenFileLimit is not { } limit) yield break;
        var what = Text($"{limit} open files");
        const string should = "1048576: each segment takes up to three, each connection one";
        const string mend = "ulimit -Hn 1048576; in a unit of systemd LimitNOFILE=1048576; in Docker --ulimit nofile=1048576";
        yield return limit < TooFewFiles ? Finding.Fail(what, should, mend) : limit < FewFiles ? Finding.Warn(what, should, mend) : Finding.Ok(what);
    }

    public static IEnumerable<Finding> Memory(MachineFacts facts)
    {
        if (facts.MemoryBytes is not { } memory) yield break;
        var isLimited = facts.MemoryLimitBytes is { } bound && bound < memory;
        var size = isLimited ? facts.MemoryLimitBytes!.Value : memory;
        var what = isLimited ? $"{ByteText.Of(size)} of {ByteText.Of(memory)}, by the control group" : ByteText.Of(size);
        const string should = "1 GiB or more: what the broker does not need, the system caches the logs in";
        var mend = isLimited ? "raise the limit: MemoryMax= in a unit of systemd, --memory in Docker, resources.limits.memory in Kubernetes" : "a machine with more memory";
        yield return size < 128 * MiB ? Finding.Fail(what, should, mend) : size < 512 * MiB ? Finding.Warn(what, should, mend) : Finding.Ok(what);
    }

    public static IEnumerable<Finding> Swap(MachineFacts facts)
    {
        if (facts.SwapBytes is null or 0 || facts.Swappiness is not { } swappiness) yield break;
        var what = Text($"vm.swappiness is {swappiness}, with {ByteText.Of(facts.SwapBytes.Value)} of swap");
        yield return swappiness > 10
            ? Finding.Warn(what, "1: a heap that is swapped out stops the broker at its next collection", "sysctl -w vm.swappiness=1 && echo vm.swappiness=1 >/etc/sysctl.d/90-moldau.conf")
            : Finding.Ok(what);
    }

    public static IEnumerable<Finding> HugePages(MachineFacts facts)
    {
        if (facts.HugePages is not { } mode) yield break;
        yield return mode == "always"
            ? Finding.Warn("transparent huge pages: always", "madvise: else memory that was given back grows again", "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled")
            : Finding.Ok($"transparent huge pages: {mode}");
    }

    public static IEnumerable<Finding> Processors(MachineFacts facts)
    {
        if (facts.ProcessorLimit is not { } limit) yield break;
        var what = Text($"{limit:0.##} processors' worth of time, by the control group");
        yield return limit < 1
            ? Finding.Warn(what, "1 or more: with less the broker is stopped for the rest of each period", "raise the limit: CPUQuota= in a unit of systemd, --cpus in Docker, resources.limits.cpu in Kubernetes")
            : Finding.Ok(what);
    }

    public static IEnumerable<Finding> ClockSource(MachineFacts facts)
    {
        if (facts.ClockSource is not { } source) yield break;
        yield return FastClocks.Contains(source)
            ? Finding.Ok($"time is read from {source}")
            : Finding.Warn($"time is read from {source}", "tsc, or the hypervisor's own: every request reads the clock, and this one costs a call into the kernel",
                "see /sys/devices/system/clocksource/clocksource0/available_clocksource, and the kernel's log for why tsc was given up");
    }

    public static IEnumerable<Finding> ClockSynchronized(MachineFacts facts)
    {
        if (facts.IsClockSynchronized is not { } isSo) yield break;
        yield return isSo
            ? Finding.Ok("the clock is held to a time server")
            : Finding.Warn("nobody holds the clock to a time server", "chrony or systemd-timesyncd: timestamps, retention and tokens follow it", "apt-get install chrony, or timedatectl set-ntp true");
    }

    public static IEnumerable<Finding> Runtime(MachineFacts facts)
    {
        var isFine = true;
        foreach (var (name, harmless, meaning) in RuntimeSwitches)
        {
            if (!facts.RuntimeVariables.TryGetValue(name, out var value) || harmless.Contains(value)) continue;
            isFine = false;
            yield return Finding.Warn($"{name}={value}", $"{harmless[0]}, as the program is built and measured; this means {meaning}", $"unset {name}");
        }

        // .NET reads these numbers as hexadecimal.
        if (facts.RuntimeVariables.TryGetValue("DOTNET_GCHeapHardLimit", out var limit)
            && long.TryParse(limit.AsSpan(limit.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bytes)
            && bytes is > 0 and < 256 * MiB)
        {
            isFine = false;
            yield return Finding.Warn($"DOTNET_GCHeapHardLimit={limit}, which is {ByteText.Of(bytes)}", "256 MiB or more, or none: requests, fetches and coordinators live there", "unset DOTNET_GCHeapHardLimit");
        }

        if (isFine) yield return Finding.Ok(".NET runs the program as it is built");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
