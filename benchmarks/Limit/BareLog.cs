using Microsoft.Win32.SafeHandles;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Limit;

/// <summary>A file of batches, begun anew when it is full, so that a long run stays in memory. Without a folder they are checked and forgotten.</summary>
internal sealed class BareLog(string? folder, int partition) : IDisposable
{
    private const long MostBytes = 512L << 20;

    private readonly List<(long Offset, long Position)> _batches = [];
    private SafeFileHandle? _file;
    private long _end;

    public long NextOffset { get; private set; }

    public int Handle => (int)_file!.DangerousGetHandle();

    public void Append(Span<byte> bytes)
    {
        var batch = RecordBatch.Read(bytes);
        batch.EnsureChecksum();
        if (folder is null)
        {
            NextOffset += batch.LastOffsetDelta + 1;
            return;
        }

        if (_file is null || _end + bytes.Length > MostBytes) Begin(folder);
        BatchPatch.SetOffsetAndEpoch(bytes, NextOffset, 0);
        RandomAccess.Write(_file!, bytes, _end);
        _batches.Add((NextOffset, _end));
        NextOffset += batch.LastOffsetDelta + 1;
        _end += bytes.Length;
    }

    /// <summary>Whole batches from the one that holds an offset, as many as fit.</summary>
    public (long Position, int Length) Find(long offset, int mostBytes)
    {
        if (offset >= NextOffset || _batches.Count == 0) return (0, 0);
        var first = Place(offset);
        var position = _batches[first].Position;
        var last = first + 1;
        while (last < _batches.Count && _batches[last].Position - position <= mostBytes) last++;
        var end = last < _batches.Count ? _batches[last - 1].Position : _end;
        if (end == position) end = last < _batches.Count ? _batches[last].Position : _end;
        return (position, (int)Math.Min(end - position, mostBytes));
    }

    public void Dispose() => _file?.Dispose();

    private int Place(long offset)
    {
        var (low, high) = (0, _batches.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_batches[middle].Offset <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private void Begin(string folder)
    {
        _file?.Dispose();
        var path = Path.Combine(folder, $"{partition}.log");
        File.Delete(path);
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        _batches.Clear();
        _end = 0;
    }
}
