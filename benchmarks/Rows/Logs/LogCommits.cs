using Moldau.Storage.Logs;

namespace Moldau.Bench.Rows.Logs;

/// <summary>Producers that wait for logs, as a broker has them.</summary>
internal sealed class LogCommits : CommitLoop
{
    private const long Much = 256 * 1024 * 1024;

    private readonly PartitionLog[] _logs;
    private readonly FlusherThread _thread;
    private readonly byte[] _batch;
    private readonly bool _isPageCache;

    public LogCommits(BenchFolder folder, int waiters, int logs, byte[] batch, LogSettings settings)
        : base(waiters, logs)
    {
        var disk = BenchLog.NewDisk();
        _batch = batch;
        _isPageCache = settings.Durability == LogDurability.PageCache;
        _logs = new PartitionLog[logs];
        for (var i = 0; i < logs; i++)
        {
            _logs[i] = BenchLog.New(disk, folder[$"log-{i}"], settings);
            _logs[i].DurableMoved = _ => Moved.Ring();
        }

        _thread = new FlusherThread(disk.Flusher, "flusher");
    }

    public override void Prepare()
    {
        foreach (var log in _logs)
        {
            if (log.Size > Much / Logs) BenchLog.Empty(log);
        }
    }

    public override void Dispose()
    {
        _thread.Dispose();
        foreach (var log in _logs) log.Release();
        base.Dispose();
    }

    protected override long Append(int log)
    {
        BenchLog.Append(_logs[log], _batch);
        // In the page cache is as durable as it is to be: no flush will ring.
        if (_isPageCache) Moved.Ring();
        return _logs[log].EndOffset;
    }

    protected override long DurableOf(int log) => _logs[log].DurableOffset;
}
