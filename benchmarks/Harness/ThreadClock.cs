using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Moldau.Bench.Harness;

/// <summary>
/// The time this thread has spent on a processor, where the system tells: what other processes take is then not counted,
/// though what they do to the caches is. Elsewhere the time that passes.
/// </summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Nanoseconds()
    {
        Time time;
        if (OperatingSystem.IsLinux() && clock_gettime(ThreadCpuTime, &time) == 0) return (time.Seconds * 1e9) + time.Nanoseconds;
        return Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency);
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, Time* time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
