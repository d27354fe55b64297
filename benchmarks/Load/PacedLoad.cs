using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>
/// One record at a time at a fixed rate, each timed from the moment it was to be sent: a broker that stops for a while is
/// charged for all that should have been sent meanwhile.
/// </summary>
internal sealed class PacedLoad(int port, RequestSource source, int perSecond)
{
    public LoadResult Run(TimeSpan duration)
    {
        var count = (int)(duration.TotalSeconds * perSecond);
        using var connection = new LoadConnection(port);
        var latencies = new double[count];
        var step = (double)Stopwatch.Frequency / perSecond;
        var started = Stopwatch.GetTimestamp() + (long)step;
        var receiver = new Thread(() =>
        {
            for (var i = 0; i < count; i++)
            {
                ProduceReply.EnsureTaken(connection.Receive());
                latencies[i] = (Stopwatch.GetTimestamp() - (started + (long)(i * step))) * 1e6 / Stopwatch.Frequency;
            }
        });
        receiver.Start();
        PreciseSleep.Prepare();
        var parts = new List<ArraySegment<byte>>();
        for (var i = 0; i < count; i++)
        {
            PreciseSleep.Until(started + (long)(i * step));
            parts.Clear();
            source.Next(parts);
            connection.Send(parts[0]);
        }

        receiver.Join();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(latencies);
        return new LoadResult(count, seconds, latencies);
    }
}
