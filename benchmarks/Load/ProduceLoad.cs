using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>Requests over some connections, so many of each under way; one thread serves all in turn.</summary>
internal sealed class ProduceLoad(int port, RequestSource source, int connections, int inFlight, bool isTimed = false, bool speaksTls = false)
{
    private readonly List<ArraySegment<byte>> _parts = [];
    private readonly List<double> _latencies = [];
    private long _records;

    /// <summary>For so long, and until the last reply.</summary>
    public LoadResult Run(TimeSpan duration) => Run(static (_, elapsed, duration) => elapsed >= duration.TotalSeconds, duration);

    /// <summary>So many records.</summary>
    public LoadResult Run(long records) => Run(static (sent, _, records) => sent >= records, records);

    private LoadResult Run<T>(Func<long, double, T, bool> isEnough, T limit)
    {
        (_records, var sent) = (0, 0L);
        _latencies.Clear();
        var open = new Pipe[connections];
        for (var i = 0; i < connections; i++) open[i] = new Pipe(new LoadConnection(port, speaksTls: speaksTls), inFlight);
        try
        {
            var started = Stopwatch.GetTimestamp();
            while (!isEnough(sent, Stopwatch.GetElapsedTime(started).TotalSeconds, limit))
            {
                foreach (var pipe in open)
                {
                    if (pipe.Waiting.Count == inFlight) Take(pipe);
                    sent += Send(pipe);
                }
            }

            foreach (var pipe in open)
            {
                while (pipe.Waiting.Count > 0) Take(pipe);
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] sorted = [.. _latencies];
            Array.Sort(sorted);
            return new LoadResult(_records, seconds, sorted);
        }
        finally
        {
            foreach (var pipe in open) pipe.Connection.Dispose();
        }
    }

    private int Send(Pipe pipe)
    {
        _parts.Clear();
        var records = source.Next(_parts);
        pipe.Waiting.Enqueue((records, isTimed ? Stopwatch.GetTimestamp() : 0));
        if (_parts.Count == 1) pipe.Connection.Send(_parts[0]);
        else pipe.Connection.Send(_parts);
        return records;
    }

    private void Take(Pipe pipe)
    {
        ProduceReply.EnsureTaken(pipe.Connection.Receive());
        var (records, since) = pipe.Waiting.Dequeue();
        if (isTimed) _latencies.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        _records += records;
    }

    private sealed class Pipe(LoadConnection connection, int inFlight)
    {
        public LoadConnection Connection { get; } = connection;

        public Queue<(int Records, long Since)> Waiting { get; } = new(inFlight);
    }
}
