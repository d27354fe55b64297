using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Moldau.Bench.Load;

/// <summary>Sleeps to within microseconds, where the runtime's sleep knows milliseconds.</summary>
internal static partial class PreciseSleep
{
    private const int SetTimerSlack = 29;

    /// <summary>The calling thread is woken in time: otherwise the system may be 50 us late, which would be charged to a broker.</summary>
    public static void Prepare() => _ = prctl(SetTimerSlack, 1);

    /// <param name="moment">Of <see cref="Stopwatch"/>.</param>
    public static unsafe void Until(long moment)
    {
        var time = stackalloc long[2];
        while (moment - Stopwatch.GetTimestamp() is var left and > 0)
        {
            (time[0], time[1]) = (left / Stopwatch.Frequency, left % Stopwatch.Frequency * (1_000_000_000 / Stopwatch.Frequency));
            _ = nanosleep(time, null);
        }
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint value);

    [LibraryImport("libc")]
    private static unsafe partial int nanosleep(long* time, long* left);
}
