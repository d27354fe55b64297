namespace Moldau.Bench.Rows.Logs;

/// <summary>The same loop without logs: a write for each batch, and a thread that flushes what was written.</summary>
internal sealed class BareCommits : CommitLoop
{
    private const long Much = 256 * 1024 * 1024;

    private readonly BareFile[] _files;
    private readonly long[] _written;
    private readonly long[] _taken;
    private readonly long[] _durable;
    private readonly byte[] _batch;
    private readonly int _fewFiles;
    private readonly Doorbell _wake = new();
    private readonly Thread _thread;
    private volatile bool _stops;

    /// <param name="folder">Where.</param>
    /// <param name="waiters">How many.</param>
    /// <param name="files">How many.</param>
    /// <param name="batch">What is written.</param>
    /// <param name="fewFiles">So many dirty ones are flushed one by one, more of them with their disk.</param>
    public BareCommits(BenchFolder folder, int waiters, int files, byte[] batch, int fewFiles)
        : base(waiters, files)
    {
        _batch = batch;
        _fewFiles = OperatingSystem.IsLinux() ? fewFiles : int.MaxValue;
        _files = new BareFile[files];
        for (var i = 0; i < files; i++) _files[i] = new BareFile(folder[$"bare-{i}"]);
        (_written, _taken, _durable) = (new long[files], new long[files], new long[files]);
        _thread = new Thread(Flush) { IsBackground = true };
        _thread.Start();
    }

    public override void Prepare()
    {
        foreach (var file in _files)
        {
            if (file.Length > Much / Logs) file.Empty();
        }
    }

    public override void Dispose()
    {
        _stops = true;
        _wake.Ring();
        _thread.Join();
        foreach (var file in _files) file.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    protected override long Append(int log)
    {
        _files[log].Append(_batch);
        // Counted on, whatever becomes of the file's length.
        Volatile.Write(ref _written[log], _written[log] + 1);
        _wake.Ring();
        return _written[log];
    }

    protected override long DurableOf(int log) => Volatile.Read(ref _durable[log]);

    private void Flush()
    {
        while (true)
        {
            _wake.Wait();
            if (_stops) return;
            var dirty = 0;
            for (var i = 0; i < _files.Length; i++)
            {
                _taken[i] = Volatile.Read(ref _written[i]);
                if (_taken[i] > _durable[i]) dirty++;
            }

            if (dirty > _fewFiles) _files[0].FlushDisk();
            for (var i = 0; i < _files.Length; i++)
            {
                if (_taken[i] == _durable[i]) continue;
                if (dirty <= _fewFiles) _files[i].Flush();
                Volatile.Write(ref _durable[i], _taken[i]);
            }

            Moved.Ring();
        }
    }
}
