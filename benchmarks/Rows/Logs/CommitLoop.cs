using System.Diagnostics;

namespace Moldau.Bench.Rows.Logs;

/// <summary>
/// A closed loop of producers that wait for durability: each appends a batch, waits until it is on disk, and appends the
/// next. One thread appends for all of them, as a partition's queue does; the flusher is another, and rings when something
/// has become durable. Both sides of a row are this loop and differ in what they append to.
/// </summary>
internal abstract class CommitLoop : IDisposable
{
    private readonly int _waiters;
    private readonly Queue<Waiting>[] _waiting;
    private readonly List<long> _ticks = [];

    protected CommitLoop(int waiters, int logs)
    {
        _waiters = waiters;
        _waiting = new Queue<Waiting>[logs];
        for (var i = 0; i < logs; i++) _waiting[i] = new Queue<Waiting>();
    }

    protected Doorbell Moved { get; } = new();

    public int Logs => _waiting.Length;

    /// <returns>What <see cref="DurableOf"/> comes to once it is on disk.</returns>
    protected abstract long Append(int log);

    protected abstract long DurableOf(int log);

    /// <summary>Drops what there is where it has become much.</summary>
    public abstract void Prepare();

    /// <summary>So many batches become durable.</summary>
    public void Run(int times)
    {
        _ticks.Clear();
        var (begun, ended) = (0, 0);
        for (; begun < Math.Min(_waiters, times); begun++) Begin(begun % Logs);
        while (ended < times)
        {
            Moved.Wait();
            for (var log = 0; log < Logs; log++)
            {
                if (_waiting[log].Count == 0) continue;
                var durable = DurableOf(log);
                // Those that wait anew come behind: they are the next round's.
                for (var looks = _waiting[log].Count; looks > 0 && _waiting[log].Peek().For <= durable; looks--)
                {
                    _ticks.Add(Stopwatch.GetTimestamp() - _waiting[log].Dequeue().Since);
                    ended++;
                    if (begun >= times) continue;
                    Begin(log);
                    begun++;
                }
            }
        }
    }

    /// <summary>Nanoseconds that half of the last run's waiters waited at most.</summary>
    public double Median() => MedianOf(_ticks);

    /// <summary>In nanoseconds; sorts them.</summary>
    public static double MedianOf(List<long> ticks)
    {
        ticks.Sort();
        return ticks[ticks.Count / 2] * (1e9 / Stopwatch.Frequency);
    }

    public virtual void Dispose() => Moved.Dispose();

    private void Begin(int log)
    {
        var since = Stopwatch.GetTimestamp();
        _waiting[log].Enqueue(new Waiting(Append(log), since));
    }

    private readonly record struct Waiting(long For, long Since);
}
