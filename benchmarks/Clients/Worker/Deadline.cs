using System.Diagnostics;

namespace Moldau.Bench.Clients.Worker;

/// <summary>The end of a turn. Loops over records look at it now and then, since asking for the time costs as much as a record.</summary>
internal sealed class Deadline(TimeSpan length)
{
    public const int Stride = 1024;

    private readonly long _started = Stopwatch.GetTimestamp();

    public TimeSpan Length => length;

    public bool IsOver => Stopwatch.GetElapsedTime(_started) >= length;
}
