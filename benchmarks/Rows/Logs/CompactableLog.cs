using System.Globalization;
using System.Text;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Bench.Rows.Logs;

/// <summary>A log of keys and values that is compacted over and over: each time as it was before.</summary>
/// <param name="valueSize">Bytes of a value.</param>
/// <param name="isHalfDropped">Whether half of the records are superseded, all over the log; else none is.</param>
internal sealed class CompactableLog(int valueSize, bool isHalfDropped) : IDisposable
{
    /// <summary>Within a batch.</summary>
    public const int Size = 128 * 1024 * 1024;

    private const int BatchSize = 16 * 1024;
    private const int KeySize = 16;

    // Of so many records a key, drawn at random, half are not the last.
    private const double RecordsOfKey = 1.594;

    private static readonly LogSettings s_settings = LogSettings.Default with { SegmentBytes = 32 * 1024 * 1024, Compacts = true, Deletes = false };

    private readonly BenchFolder _folder = new();
    private readonly byte[] _buffer = new byte[new CleanerOptions().IoBufferBytes];
    private readonly LogCleaner _cleaner = new(new CleanerOptions(), new Throttle(TimeProvider.System), new Random(1));
    private PartitionLog? _log;
    private long _end;

    /// <summary>Of the log before it is compacted.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the last pass left of it.</summary>
    public long BytesLeft { get; private set; }

    private string Original => _folder["original-0"];

    private string Log => _folder["log-0"];

    private string Copies => _folder["copies"];

    /// <summary>Writes it once; then brings it back as it was, on disk and with nothing left to be written.</summary>
    public void Prepare()
    {
        if (_end == 0) Write();
        _log?.Release();
        foreach (var folder in (string[])[Log, Copies])
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }

        var disk = BenchLog.NewDisk();
        foreach (var path in Directory.GetFiles(Original)) Copy(disk.Files, path, Path.Combine(Log, Path.GetFileName(path)));
        disk.Files.FlushFolder(Log);
        _log = LogLoader.Load(disk, Log, new LogLoadRequest(_end, StartOffset: 0, WasClosed: true, CompactedUpTo: 0, s_settings)).Log;
        _log.Opened();
    }

    public void Compact()
    {
        var target = new CompactedLog(_log!, () => _end, static action =>
        {
            action();
            return Task.CompletedTask;
        });
        var result = _cleaner.RunAsync(target, CancellationToken.None).GetAwaiter().GetResult();
        if (result.Outcome != CleaningOutcome.Compacted || result.CompactedUpTo != _end) throw new InvalidOperationException($"{result.Outcome} up to {result.CompactedUpTo} of {_end}: {result.Cause}");
        BytesLeft = _log!.Size;
    }

    /// <summary>Reads the same bytes and writes them beside, segment by segment, each brought to disk.</summary>
    public void CopyBare()
    {
        var disk = _log!.Disk.Files;
        foreach (var path in Directory.GetFiles(Log, "*" + SegmentName.Log)) Copy(disk, path, Path.Combine(Copies, Path.GetFileName(path)));
    }

    public void Dispose()
    {
        _log?.Release();
        _folder.Dispose();
    }

    private void Copy(IFileSystem disk, string from, string to)
    {
        using var source = disk.Open(from, OpenMode.Existing);
        using var copy = disk.Open(to, OpenMode.New);
        for (var position = 0L; ;)
        {
            var read = source.Read(position, _buffer);
            if (read == 0) break;
            copy.Write(position, _buffer.AsSpan(0, read));
            position += read;
        }

        copy.Flush();
    }

    private void Write()
    {
        var disk = BenchLog.NewDisk();
        var log = BenchLog.New(disk, Original, s_settings);
        var random = new Random(1);
        var keys = (int)(Size / (valueSize + KeySize + 10) / RecordsOfKey);
        var value = new byte[valueSize];
        var records = 0;
        while (log.Size < Size)
        {
            using var builder = new RecordBatchBuilder();
            while (builder.UncompressedSize < BatchSize)
            {
                random.NextBytes(value);
                var key = isHalfDropped ? random.Next(keys) : records;
                builder.Append(SampleBatch.Timestamp + records++, Encoding.ASCII.GetBytes(key.ToString("d16", CultureInfo.InvariantCulture)), value);
            }

            BenchLog.Append(log, builder.Finish(new BatchOptions()).ToArray());
        }

        log.Roll();
        log.TryCheckpoint(closes: true);
        while (disk.Flusher.RunRound())
        {
        }

        (_end, Bytes) = (log.EndOffset, log.Size);
        log.Release();
    }
}
