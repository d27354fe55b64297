using System.Buffers.Binary;
using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>Committers, each with one commit under way and a connection of its own; one thread serves them in turn.</summary>
internal sealed class CommitLoad(int port, string topic, int partitions, int committers, bool hasOneGroup)
{
    private const int OffsetFromEnd = sizeof(long) + sizeof(int) + sizeof(short);

    public LoadResult Run(TimeSpan duration)
    {
        var (open, frames) = (new LoadConnection[committers], new byte[committers][]);
        var (latencies, asked) = (new List<double>(), new long[committers]);
        Coordinator.Await(port, Group(0), Coordinator.OfGroups);
        for (var i = 0; i < committers; i++)
        {
            open[i] = new LoadConnection(port);
            frames[i] = GroupRequests.Commit(Group(i), topic, [i % partitions], 0);
        }

        try
        {
            // The coordinators' first answer may be that they are being loaded.
            for (var i = 0; i < committers; i++)
            {
                open[i].Send(frames[i]);
                while (!IsTaken(open[i].Receive()))
                {
                    Thread.Sleep(10);
                    open[i].Send(frames[i]);
                }
            }

            var started = Stopwatch.GetTimestamp();
            var count = 0L;
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                for (var i = 0; i < committers; i++)
                {
                    if (count >= committers) Take(i);
                    BinaryPrimitives.WriteInt64BigEndian(frames[i].AsSpan(frames[i].Length - OffsetFromEnd), ++count);
                    asked[i] = Stopwatch.GetTimestamp();
                    open[i].Send(frames[i]);
                }
            }

            for (var i = 0; i < committers; i++) Take(i);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] sorted = [.. latencies];
            Array.Sort(sorted);
            return new LoadResult(count, seconds, sorted);
        }
        finally
        {
            foreach (var connection in open) connection.Dispose();
        }

        void Take(int i)
        {
            if (!IsTaken(open[i].Receive())) throw new InvalidOperationException("a coordinator went away");
            latencies.Add(Stopwatch.GetElapsedTime(asked[i]).TotalMicroseconds);
        }
    }

    private string Group(int committer) => hasOneGroup ? "committers" : $"committer-{committer}";

    private static bool IsTaken(ReadOnlySpan<byte> bytes)
    {
        var reply = new WireReader(bytes);
        _ = reply.Take(2 * sizeof(int));
        reply.SkipText();
        _ = reply.Take(2 * sizeof(int));
        var error = reply.Int16();
        if (error != 0 && !Coordinator.IsComing(error)) throw new InvalidOperationException($"a commit was answered with error {error}");
        return error == 0;
    }
}
