using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Moldau.Protocol.Checksums;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;

namespace Moldau.Bench.Rows.Logs;

/// <summary>A log that was written with the default settings and not closed, found cold as after a power failure.</summary>
internal sealed partial class CrashedLog(long size) : IDisposable
{
    private const int DontNeed = 4;
    private const string ProcessIo = "/proc/self/io";

    // What was written behind the last recovery point, which moves every 64 MiB.
    private const long Tail = 40 * 1024 * 1024;

    private readonly BenchFolder _folder = new();
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private long _recoveryPoint;
    private long _end;
    private (string Path, long Position) _tailStart;

    public long Bytes { get; private set; }

    public long BytesBehindPoint { get; private set; }

    /// <summary>What the last recovery had the disk read; null where the system does not tell.</summary>
    public long? BytesRead { get; private set; }

    private string Log => _folder["log-0"];

    /// <summary>Writes it once; then makes it cold, and as it was before it was recovered.</summary>
    public void Prepare()
    {
        if (_end == 0) Write();
        foreach (var path in Directory.GetFiles(Log))
        {
            if (ProducerSnapshotFiles.TryParse(Path.GetFileName(path), out var offset) && offset > _recoveryPoint)
            {
                File.Delete(path);
                continue;
            }

            using var file = File.OpenHandle(path);
            if (OperatingSystem.IsLinux() && posix_fadvise(file, 0, 0, DontNeed) != 0) throw new IOException($"posix_fadvise {path}");
        }
    }

    /// <summary>Opens it as a start after the crash does, to where it takes appends.</summary>
    public void Recover(bool knowsPoint)
    {
        var before = DiskBytesRead();
        var disk = BenchLog.NewDisk();
        var request = new LogLoadRequest(knowsPoint ? _recoveryPoint : 0, 0, WasClosed: false, CompactedUpTo: 0, LogSettings.Default);
        var opened = LogLoader.Load(disk, Log, request);
        foreach (var path in opened.Unflushed) Flush(disk.Files, path);
        if (opened.Log.EndOffset != _end) throw new InvalidDataException($"{Log}: recovered up to {opened.Log.EndOffset}, not {_end}");
        opened.Log.Release();
        BytesRead = DiskBytesRead() - before;
    }

    /// <summary>Reads the same bytes and computes their checksums.</summary>
    public void ReadBare(bool knowsPoint)
    {
        foreach (var path in Directory.GetFiles(Log, "*" + SegmentName.Log).Order(StringComparer.Ordinal))
        {
            var order = string.CompareOrdinal(path, _tailStart.Path);
            if (!knowsPoint) ReadBare(path, 0);
            else if (order >= 0) ReadBare(path, order == 0 ? _tailStart.Position : 0);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void ReadBare(string path, long position)
    {
        using var file = File.OpenHandle(path);
        while (true)
        {
            var read = RandomAccess.Read(file, _buffer, position);
            var bytes = _buffer.AsSpan(0, read);
            while (bytes.Length >= BatchLayout.HeaderSize && RecordBatch.SizeOf(bytes) is var length && length <= bytes.Length)
            {
                if (Crc32C.Compute(bytes[BatchLayout.ChecksumStart..length]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[BatchLayout.Checksum..])) throw new InvalidDataException(path);
                bytes = bytes[length..];
            }

            if (read == bytes.Length) return;
            position += read - bytes.Length;
        }
    }

    private void Write()
    {
        var disk = BenchLog.NewDisk();
        var log = BenchLog.New(disk, Log, LogSettings.Default);
        using var durable = new Doorbell();
        log.DurableMoved = _ => durable.Ring();
        var batch = SampleBatch.OfSize(64 * 1024);
        using (new FlusherThread(disk.Flusher, "flusher"))
        {
            for (var i = 0; log.Size < size || log.EndOffset == log.RecoveryPoint || log.Size - BytesBelow(log) < Tail; i++)
            {
                BatchPatch.SetTimestamp(batch, isLogAppendTime: false, SampleBatch.Timestamp + i);
                BenchLog.Append(log, batch);
            }

            while (log.DurableOffset < log.EndOffset) durable.Wait();
        }

        _recoveryPoint = log.RecoveryPoint;
        _end = log.EndOffset;
        Bytes = log.Size;
        BytesBehindPoint = Bytes - BytesBelow(log);
        using (var slice = log.Read(_recoveryPoint, 1, _end).Slice) _tailStart = (log.Segments[log.Segments.IndexOf(_recoveryPoint)].File.Path, slice.HandlePosition);
        log.Release();
    }

    private static long BytesBelow(PartitionLog log)
    {
        using var slice = log.Read(log.RecoveryPoint, 1, log.EndOffset).Slice;
        var bytes = slice.HandlePosition;
        for (var i = log.Segments.IndexOf(log.RecoveryPoint) - 1; i >= 0; i--) bytes += log.Segments[i].Length;
        return bytes;
    }

    private static void Flush(IFileSystem disk, string path)
    {
        if (disk.FolderExists(path))
        {
            disk.FlushFolder(path);
            return;
        }

        using var file = disk.Open(path, OpenMode.Existing);
        file.Flush();
    }

    private static long? DiskBytesRead()
    {
        if (!File.Exists(ProcessIo)) return null;
        foreach (var line in File.ReadLines(ProcessIo))
        {
            if (line.StartsWith("read_bytes: ", StringComparison.Ordinal)) return long.Parse(line.AsSpan("read_bytes: ".Length), System.Globalization.CultureInfo.InvariantCulture);
        }

        return null;
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);
}
