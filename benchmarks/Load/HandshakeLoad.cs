using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>Connections that are opened with a whole handshake, ask one thing and end, from some threads; perhaps beside one that asks all the time.</summary>
internal sealed class HandshakeLoad(int port, int threads)
{
    public LoadResult Run(TimeSpan duration)
    {
        var (started, question) = (Stopwatch.GetTimestamp(), Wire.ApiVersions());
        long handshakes = 0;
        var latencies = new List<double>();
        var crowd = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                using var connection = new LoadConnection(port, replyBytes: 4096, speaksTls: true);
                connection.Send(question);
                connection.Receive();
                Interlocked.Increment(ref handshakes);
            }
        })).ToList();
        crowd.ForEach(static thread => thread.Start());
        using (var served = new LoadConnection(port, replyBytes: 4096, speaksTls: true))
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var since = Stopwatch.GetTimestamp();
                served.Send(question);
                served.Receive();
                latencies.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
                Thread.Sleep(5);
            }
        }

        crowd.ForEach(static thread => thread.Join());
        latencies.Sort();
        return new LoadResult(handshakes, Stopwatch.GetElapsedTime(started).TotalSeconds, [.. latencies]);
    }
}
