using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Bench.Rows.Logs;

/// <summary>A log of equal batches, its closed segment's file opened beside it, and places in it in a random order.</summary>
internal sealed class ReadContent(byte[] batch, LogSettings settings) : IDisposable
{
    private const int Size = 64 * 1024 * 1024;
    private const int Places = 1 << 12;

    private readonly BenchFolder _folder = new();
    private readonly int _records = RecordBatch.Read(batch).RecordCount;
    private readonly int[] _places = new int[Places];
    private PartitionLog? _log;
    private BareFile? _bare;
    private int _next;

    public PartitionLog Log => _log!;

    public BareFile Bare => _bare!;

    /// <summary>Writes it once.</summary>
    public void Fill()
    {
        if (_log is not null) return;
        _log = BenchLog.New(BenchLog.NewDisk(), _folder["log-0"], settings);
        var batches = Size / batch.Length;
        for (var i = 0; i < batches; i++) BenchLog.Append(_log, batch);
        _log.Roll();
        _bare = new BareFile(_folder[Path.Combine("log-0", SegmentName.Of(0, SegmentName.Log))]);
        var random = new Random(1);
        for (var i = 0; i < Places; i++) _places[i] = random.Next(batches);
    }

    /// <summary>A batch behind which so many bytes can be read: an offset in its middle, and where it begins.</summary>
    public (long Offset, long Position) Next(int length)
    {
        var place = _places[_next++ & (Places - 1)];
        var position = Math.Min(place, (Size - length - batch.Length) / batch.Length);
        return (((long)position * _records) + (_records / 2), (long)position * batch.Length);
    }

    public void Dispose()
    {
        _bare?.Dispose();
        _log?.Release();
        _folder.Dispose();
    }
}
