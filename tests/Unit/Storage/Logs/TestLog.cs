using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

/// <summary>A log in a folder of a disk, opened as often as a test wants; what a broker does around it is here in small.</summary>
internal sealed class TestLog
{
    public const string Folder = "data/orders-0";

    public TestLog(IFileSystem? files = null, LogSettings? settings = null)
    {
        Files = files ?? new MemoryFileSystem();
        Settings = settings ?? new LogSettings();
        if (!Files.FolderExists(Folder))
        {
            DurableFolder.Ensure(Files, Folder);
        }

        Disk = new LogDisk(Files, Clock);
        Log = null!;
    }

    public IFileSystem Files { get; }

    public MemoryFileSystem Memory => (MemoryFileSystem)Files;

    public ManualClock Clock { get; } = new();

    public LogSettings Settings { get; }

    public LogDisk Disk { get; private set; }

    public PartitionLog Log { get; private set; }

    public LogLoadResult Opened { get; private set; } = null!;

    public int Epoch { get; private set; }

    public static TestLog New(LogSettings? settings = null) => new TestLog(settings: settings).Open();

    /// <summary>Opens it as a start after a crash does, or after an orderly stop.</summary>
    public TestLog Open(long recoveryPoint = 0, bool wasClosed = false, long startOffset = 0, long compactedUpTo = 0)
    {
        Disk = new LogDisk(Files, Clock);
        Opened = LogLoader.Load(Disk, Folder, new LogLoadRequest(recoveryPoint, startOffset, wasClosed, compactedUpTo, Settings));
        foreach (var path in Opened.Unflushed) Flush(path);
        Log = Opened.Log;
        Log.Opened();
        Epoch = Math.Max(Log.LowestEpoch, 0);
        return this;
    }

    /// <summary>Closes it in order and opens it again; or opens it as if the process had been killed.</summary>
    public TestLog Reopen(bool inOrder = true)
    {
        var point = Log.RecoveryPoint;
        if (inOrder)
        {
            Assert.True(Log.TryCheckpoint());
            Flush();
            point = Log.EndOffset;
        }

        Log.Release();
        return Open(point, inOrder, Log.StartOffset, Log.CompactedUpTo);
    }

    /// <summary>Runs the flusher until it has nothing to do.</summary>
    public void Flush()
    {
        while (Disk.Flusher.RunRound())
        {
        }
    }

    public AppendResult Append(params string[] values) => Log.Append(Batch(Clock.Milliseconds, values), Epoch);

    public AppendResult AppendAt(long timestamp, params string[] values) => Log.Append(Batch(timestamp, values), Epoch);

    public AppendResult Produce(long producer, int sequence, string value, bool isTransactional = false, short epoch = 0)
    {
        VerificationGuard guard = default;
        if (isTransactional) Log.Producers.BeginVerification(producer, epoch, sequence, false, Clock.Milliseconds, out guard);
        return Log.Append(Batch(Clock.Milliseconds, [value], new ProducerIdentity(producer, epoch, sequence), isTransactional), Epoch, AppendOrigin.Client, guard);
    }

    public AppendResult End(long producer, bool isAbort, short epoch = 0) => Log.AppendMarker(Marker(producer, epoch, isAbort, Clock.Milliseconds), Epoch, bumpsEpoch: false);

    /// <summary>The values of all records from an offset on, with their offsets; markers are left out.</summary>
    public List<(long Offset, string Value)> Values(long from = -1, long upTo = long.MaxValue, int maxBytes = 1000)
    {
        var values = new List<(long, string)>();
        var offset = from < 0 ? Log.StartOffset : from;
        while (true)
        {
            var read = Log.Read(offset, maxBytes, upTo);
            Assert.Equal(LogReadOutcome.Read, read.Outcome);
            using var slice = read.Slice;
            if (slice.Length == 0) return values;
            offset = Collect(slice, offset, values);
        }
    }

    public static byte[] Batch(long timestamp, string[] values, ProducerIdentity? producer = null, bool isTransactional = false, CompressionType codec = CompressionType.None)
    {
        using var builder = new RecordBatchBuilder(codec);
        foreach (var value in values) builder.Append(timestamp, default, new OptionalBytes(Encoding.UTF8.GetBytes(value)));
        return builder.Finish(new BatchOptions { Producer = producer ?? ProducerIdentity.None, IsTransactional = isTransactional }).ToArray();
    }

    public static byte[] Marker(long producer, short epoch, bool isAbort, long timestamp)
    {
        using var builder = new RecordBatchBuilder();
        new TransactionMarker(isAbort ? ControlRecordType.Abort : ControlRecordType.Commit, 0).AppendTo(builder, timestamp);
        return builder.Finish(new BatchOptions { Producer = new ProducerIdentity(producer, epoch, -1), IsTransactional = true, IsControl = true }).ToArray();
    }

    private static long Collect(LogSlice slice, long offset, List<(long, string)> values)
    {
        var bytes = new byte[slice.Length];
        Assert.Equal(bytes.Length, slice.Read(0, bytes));
        using var scratch = new PooledBuffer();
        var next = offset;
        var reader = new BatchReader(bytes);
        while (reader.MoveNext())
        {
            var batch = reader.Current;
            batch.EnsureChecksum();
            next = batch.LastOffset + 1;
            if (batch.Attributes.IsControl) continue;
            var records = batch.GetRecords(scratch);
            while (records.MoveNext())
            {
                var at = batch.BaseOffset + records.OffsetDelta;
                if (at >= offset) values.Add((at, Encoding.UTF8.GetString(records.Value.Span)));
            }
        }

        Assert.True(next > offset, "a slice without a whole batch");
        return next;
    }

    private void Flush(string path)
    {
        if (Files.FolderExists(path))
        {
            Files.FlushFolder(path);
            return;
        }

        using var file = Files.Open(path, OpenMode.Existing);
        file.Flush();
    }
}
