using System.Diagnostics;

namespace Moldau.Bench.Load;

/// <summary>Transactional producers, each on a connection of its own; one thread serves them as their answers come.</summary>
internal sealed class TransactionLoad(int port, string topic, int partitions, int producers)
{
    private const int RecordBytes = 100;

    public LoadResult Run(TimeSpan duration)
    {
        var value = SampleValues.Random(RecordBytes);
        var all = new TransactionProducer[producers];
        var (begun, latencies) = (new long[producers], new List<double>());
        using var crowd = new Crowd(port, producers);
        try
        {
            for (var i = 0; i < producers; i++)
            {
                all[i] = new TransactionProducer($"bench-{i}", topic, partitions, value);
                all[i].Start(port);
            }

            var (started, open) = (Stopwatch.GetTimestamp(), producers);
            for (var i = 0; i < producers; i++) Begin(i);
            while (open > 0) crowd.Take(1000, Taken);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] sorted = [.. latencies];
            Array.Sort(sorted);
            return new LoadResult(sorted.Length, seconds, sorted);

            void Taken(int place, ReadOnlySpan<byte> reply)
            {
                if (all[place].Taken(reply) is { } next)
                {
                    crowd.Send(place, next);
                    return;
                }

                latencies.Add(Stopwatch.GetElapsedTime(begun[place]).TotalMicroseconds);
                if (Stopwatch.GetElapsedTime(started) < duration) Begin(place);
                else open--;
            }
        }
        finally
        {
            foreach (var producer in all) producer?.Dispose();
        }

        void Begin(int place)
        {
            begun[place] = Stopwatch.GetTimestamp();
            crowd.Send(place, all[place].Begin());
        }
    }
}
