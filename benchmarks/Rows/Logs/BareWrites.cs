namespace Moldau.Bench.Rows.Logs;

/// <summary>The same loop where nobody waits for the disk: a write for each batch, and whoever asked is told.</summary>
internal sealed class BareWrites : CommitLoop
{
    private const long Much = 256 * 1024 * 1024;

    private readonly BareFile[] _files;
    private readonly long[] _written;
    private readonly byte[] _batch;

    public BareWrites(BenchFolder folder, int waiters, int files, byte[] batch)
        : base(waiters, files)
    {
        _batch = batch;
        _written = new long[files];
        _files = new BareFile[files];
        for (var i = 0; i < files; i++) _files[i] = new BareFile(folder[$"bare-{i}"]);
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
        foreach (var file in _files) file.Dispose();
        base.Dispose();
    }

    protected override long Append(int log)
    {
        _files[log].Append(_batch);
        Moved.Ring();
        return ++_written[log];
    }

    protected override long DurableOf(int log) => _written[log];
}
