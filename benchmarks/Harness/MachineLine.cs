using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Bench.Harness;

/// <summary>What the numbers were measured on.</summary>
internal static class MachineLine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string LoadFile = "/proc/loadavg";

    public static string Describe() =>
        $"{Environment.ProcessorCount} cores, {Processor()}, {RuntimeInformation.ProcessArchitecture}"
        + $", vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits"
        + (Pclmulqdq.V512.IsSupported ? " with carry-less multiplication" : "")
        + $"; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; {Load()}";

    /// <summary>A table that was made on a busy machine says so itself.</summary>
    private static string Load() =>
        File.Exists(LoadFile) ? $"load {File.ReadAllText(LoadFile).Split(' ')[0]} at the start" : "unknown load";

    private static string Processor()
    {
        if (!File.Exists(ProcessorFile)) return "unknown processor";
        foreach (var line in File.ReadLines(ProcessorFile))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal)) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        return "unknown processor";
    }
}
