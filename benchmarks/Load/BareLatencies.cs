using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>What nobody can be faster than: a message there and back, and a record brought to disk.</summary>
internal static class BareLatencies
{
    private const int MessageBytes = 100;

    /// <summary>One message after the other to something that sends it back.</summary>
    public static LoadResult PingPong(int port, TimeSpan duration, int perSecond = 0)
    {
        using var connection = new LoadConnection(port);
        var message = new byte[MessageBytes];
        return Repeat(duration, perSecond, () =>
        {
            connection.Send(message);
            connection.Receive(MessageBytes);
        });
    }

    /// <summary>One record after the other written to a file, and flushed.</summary>
    public static LoadResult WriteAndFlush(string folder, TimeSpan duration, int perSecond = 0)
    {
        var path = Path.Combine(folder, "flushed");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
            var record = SampleValues.Batch(1, MessageBytes);
            long position = 0;
            return Repeat(duration, perSecond, () =>
            {
                RandomAccess.Write(file, record, position);
                position += record.Length;
                RandomAccess.FlushToDisk(file);
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static LoadResult Repeat(TimeSpan duration, int perSecond, Action once)
    {
        var latencies = new List<double>();
        if (perSecond > 0) PreciseSleep.Prepare();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            if (perSecond > 0) PreciseSleep.Until(started + (long)((double)latencies.Count * Stopwatch.Frequency / perSecond));
            var since = Stopwatch.GetTimestamp();
            once();
            latencies.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double[] sorted = [.. latencies];
        Array.Sort(sorted);
        return new LoadResult(sorted.Length, seconds, sorted);
    }
}
