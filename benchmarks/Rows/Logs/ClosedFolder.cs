using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Bench.Rows.Logs;

/// <summary>
/// A data folder of many partitions that was closed in order: each has two segments, with batches of a producer in both.
/// </summary>
internal sealed partial class ClosedFolder(int partitions) : IDisposable
{
    private const int DontNeed = 4;
    private const int BatchesASegment = 4;
    private const int BatchSize = 1024;

    // What is written holds its file open until it is flushed.
    private const int LogsARound = 256;

    private static readonly Uuid s_topic = new(1, 200);

    private readonly BenchFolder _folder = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly HostedLog[] _hosted = Hosted(partitions);
    private DataFolder? _opened;
    private bool _isMade;

    /// <summary>Makes it once; closes what the last sample has opened; and has the page cache forget it where it is to be cold.</summary>
    public void Prepare(bool isCold)
    {
        if (!_isMade) Make();
        _isMade = true;
        Close();
        if (!isCold || !OperatingSystem.IsLinux()) return;
        foreach (var path in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path);
            if (posix_fadvise(file, 0, 0, DontNeed) != 0) throw new IOException($"posix_fadvise {path}");
        }
    }

    /// <summary>Opens it as a start does, and fetches from every partition.</summary>
    public void Open()
    {
        _opened = DataFolder.Open(BenchLog.NewDisk(), _folder.Path, Options(hasFlusherThread: true));
        foreach (var log in _opened.OpenLogs(_hosted).Logs) Fetch(log.Log ?? throw new InvalidOperationException(log.OfflineReason));
        if (_opened.EpochAtStop is null) throw new InvalidOperationException($"{_folder.Path} was not closed in order");
    }

    /// <summary>What no start can do without: lists each folder, and reads as much of each partition's first segment.</summary>
    public void ReadBare()
    {
        foreach (var log in Directory.EnumerateDirectories(_folder.Path))
        {
            foreach (var path in Directory.EnumerateFiles(log))
            {
                if (!path.EndsWith("00000000000000000000.log", StringComparison.Ordinal)) continue;
                using var file = File.OpenHandle(path);
                if (RandomAccess.Read(file, _buffer, 0) != BatchesASegment * BatchSize) throw new EndOfStreamException(path);
            }
        }
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    private static HostedLog[] Hosted(int partitions)
    {
        var hosted = new HostedLog[partitions];
        for (var i = 0; i < partitions; i++) hosted[i] = new HostedLog(new PartitionName("orders", i), s_topic, LogSettings.Default);
        return hosted;
    }

    private static DataFolderOptions Options(bool hasFlusherThread) =>
        new() { NodeId = 1, Owner = "the bench", Chance = new Random(1), HasFlusherThread = hasFlusherThread };

    private static byte[] Batch()
    {
        // As many bytes as the constant says, behind a header and a record's own few.
        for (var size = BatchSize; ; size--)
        {
            var batch = SampleBatch.OfOneRecord(size, new ProducerIdentity(1, 0, 0));
            if (batch.Length == BatchSize) return batch;
        }
    }

    private void Fetch(PartitionLog log)
    {
        using var slice = log.Read(log.StartOffset, _buffer.Length, log.EndOffset).Slice;
        if (slice.Read(0, _buffer) != BatchesASegment * BatchSize) throw new InvalidDataException($"{log.Folder}: {slice.Length} bytes");
    }

    private void Make()
    {
        var disk = BenchLog.NewDisk();
        var batch = Batch();
        _opened = DataFolder.Open(disk, _folder.Path, Options(hasFlusherThread: false));
        _opened.OpenLogs([]);
        var made = _opened.CreateLogs(_hosted);
        for (var i = 0; i < made.Count; i++)
        {
            var log = made[i].Log ?? throw new InvalidOperationException(made[i].OfflineReason);
            for (var sequence = 0; sequence < BatchesASegment * 2; sequence++)
            {
                if (sequence == BatchesASegment) log.Roll();
                SampleBatch.SetSequence(batch, sequence);
                BenchLog.Append(log, batch);
            }

            if (i % LogsARound == LogsARound - 1) disk.Flusher.RunRound();
        }
    }

    private void Close()
    {
        if (_opened is null) return;
        var closing = _opened.Close(brokerEpoch: 1);
        if (!closing.WasInOrder) throw new InvalidOperationException(closing.Obstacles[0]);
        _opened = null;
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(SafeFileHandle file, long offset, long length, int advice);
}
