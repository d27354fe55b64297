using System.Globalization;
using System.Runtime.InteropServices;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Reads what Linux tells of itself in files; what is not there, or makes no sense, stays unknown.</summary>
/// <param name="read">The text of a file; null where there is none.</param>
/// <param name="variables">The environment.</param>
internal sealed class MachineReader(Func<string, string?> read, IReadOnlyDictionary<string, string> variables)
{
    private const string RuntimePrefix = "DOTNET_";

    /// <summary>adjtimex(2): of the status it tells, the bit that says nobody holds the clock.</summary>
    private const int Unsynchronized = 0x40;

    public MachineFacts Read() => new()
    {
        OpenFileLimit = OpenFileLimit(),
        MemoryBytes = Kilobytes("MemTotal:"),
        SwapBytes = Kilobytes("SwapTotal:"),
        MemoryLimitBytes = GroupLimit("memory.max", static text => Number(text)) ?? Number(read("/sys/fs/cgroup/memory/memory.limit_in_bytes")),
        ProcessorLimit = GroupLimit("cpu.max", ProcessorShare),
        Swappiness = (int?)Number(read("/proc/sys/vm/swappiness")),
        HugePages = Chosen(read("/sys/kernel/mm/transparent_hugepage/enabled")),
        ClockSource = read("/sys/devices/system/clocksource/clocksource0/current_clocksource")?.Trim(),
        RuntimeVariables = variables.Where(static variable => variable.Key.StartsWith(RuntimePrefix, StringComparison.Ordinal)).ToDictionary(),
    };

    /// <summary>Whether somebody holds the system's clock to a time server; null where the system does not tell.</summary>
    public static bool? IsClockSynchronized()
    {
        // The structure's first 48 bytes are the same wherever a long has eight: modes, which stay 0 and so change nothing, and the status at 40.
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return null;
        var structure = new byte[256];
        try
        {
            return adjtimex(structure) < 0 ? null : (BitConverter.ToInt32(structure, 40) & Unsynchronized) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The hard limit: .NET takes all of it at its start.</summary>
    private long? OpenFileLimit()
    {
        const string name = "Max open files";
        var line = Lines("/proc/self/limits").FirstOrDefault(static line => line.StartsWith(name, StringComparison.Ordinal));
        var words = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var hard, ..] ? (hard == "unlimited" ? long.MaxValue : Number(hard)) : null;
    }

    private long? Kilobytes(string name)
    {
        var line = Lines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line?[name.Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
    }

    /// <summary>The least that any control group from this process's up to the root allows.</summary>
    private T? GroupLimit<T>(string file, Func<string, T?> parse)
        where T : struct, IComparable<T>
    {
        T? least = null;
        var group = Lines("/proc/self/cgroup").FirstOrDefault(static line => line.StartsWith("0::/", StringComparison.Ordinal))?["0::".Length..].Trim() ?? "/";
        for (var path = group; ; path = path[..Math.Max(1, path.LastIndexOf('/'))])
        {
            var folder = path == "/" ? "" : path;
            if (read($"/sys/fs/cgroup{folder}/{file}") is { } text && parse(text) is { } limit && (least is null || limit.CompareTo(least.Value) < 0)) least = limit;
            if (path.Length <= 1) return least;
        }
    }

    private static double? ProcessorShare(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var quota, var period] && Number(quota) is { } given && Number(period) is > 0 and var each ? (double)given / each : null;

    /// <summary>Of the words of such a file, the one in brackets.</summary>
    private static string? Chosen(string? text)
    {
        var (open, close) = (text?.IndexOf('[', StringComparison.Ordinal) ?? -1, text?.IndexOf(']', StringComparison.Ordinal) ?? -1);
        return open >= 0 && close > open ? text![(open + 1)..close] : null;
    }

    private static long? Number(string? text) => long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string[] Lines(string path) => read(path)?.Split('\n') ?? [];

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int adjtimex(byte[] structure);
}
