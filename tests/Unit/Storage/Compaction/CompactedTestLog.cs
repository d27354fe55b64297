using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Unit.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>A log of keys and values on a disk, and a cleaner for it.</summary>
internal sealed class CompactedTestLog
{
    public CompactedTestLog(LogSettings? settings = null, IFileSystem? files = null, CleanerOptions? options = null, long recoveryPoint = 0)
    {
        Test = new TestLog(files, settings ?? Small).Open(recoveryPoint);
        Options = options ?? new CleanerOptions { IoBufferBytes = 2048, DedupeBufferBytes = 1 << 20 };
        Throttle = new Throttle(Test.Clock);
        Lend();
    }

    public static LogSettings Small { get; } = new()
    {
        SegmentBytes = 2000, IndexIntervalBytes = 200, Compacts = true, Deletes = false, Compaction = new CompactionSettings { DeleteRetention = 1000 },
    };

    public TestLog Test { get; }

    public PartitionLog Log => Test.Log;

    public CleanerOptions Options { get; }

    public Throttle Throttle { get; }

    public CompactedLog Target { get; private set; } = null!;

    /// <summary>Runs in the writer's turn, before what a pass does in it.</summary>
    public Action BeforeTurn { get; set; } = () => { };

    /// <summary>Where the last stable offset is; at the log's end where null.</summary>
    public long? LastStable { get; set; }

    /// <summary>Appends a batch of records like <c>key=value</c>, as <see cref="SampleBatch"/> reads them.</summary>
    public CompactedTestLog Append(string records, long producer = -1, int sequence = 0, bool transactional = false, CompressionType compression = CompressionType.None, short epoch = 0)
    {
        VerificationGuard guard = default;
        if (transactional) Log.Producers.BeginVerification(producer, epoch, sequence, false, Test.Clock.Milliseconds, out guard);
        var batch = SampleBatch.Data(Log.EndOffset, records, producer, sequence, transactional, compression, epoch);
        Assert.Equal(AppendOutcome.Appended, Log.Append(batch, Test.Epoch, AppendOrigin.Client, guard).Outcome);
        return this;
    }

    public CompactedTestLog End(long producer, bool commits)
    {
        Assert.Equal(AppendOutcome.Appended, Log.AppendMarker(SampleBatch.Marker(Log.EndOffset, producer, commits), Test.Epoch, bumpsEpoch: false).Outcome);
        return this;
    }

    /// <summary>Rolls, and makes everything durable and known as that.</summary>
    public CompactedTestLog Settle()
    {
        Log.Roll();
        Assert.True(Log.TryCheckpoint());
        Test.Flush();
        return this;
    }

    public LogCleaner NewCleaner() => new(Options, Throttle, new Random(3));

    /// <summary>One pass, which must come to its end.</summary>
    public CleaningResult Clean()
    {
        var result = TryClean();
        Assert.True(result.Outcome == CleaningOutcome.Compacted, result.Cause?.ToString() ?? result.Outcome.ToString());
        return result;
    }

    public CleaningResult TryClean(CancellationToken? stop = null)
    {
        var pass = NewCleaner().RunAsync(Target, stop ?? TestContext.Current.CancellationToken);
        Assert.True(pass.IsCompleted, "a pass that waits");
        return pass.GetAwaiter().GetResult();
    }

    public void Reopen(bool inOrder)
    {
        Test.Reopen(inOrder);
        Lend();
    }

    /// <summary>All batches as text, read as a consumer reads them.</summary>
    public string Show() => SampleBatch.Show(Bytes());

    /// <summary>The latest records by key, and all records with their offsets, the aborted ones and tombstones' keys left out of the first.</summary>
    public byte[] Bytes()
    {
        using var bytes = new PooledBuffer();
        for (var offset = Log.StartOffset; offset < Log.EndOffset;)
        {
            var read = Log.Read(offset, 700, Log.EndOffset);
            Assert.Equal(LogReadOutcome.Read, read.Outcome);
            using var slice = read.Slice;
            if (slice.Length == 0) break;
            var part = new byte[slice.Length];
            Assert.Equal(part.Length, slice.Read(0, part));
            var batches = new BatchReader(part);
            while (batches.MoveNext())
            {
                bytes.Write(batches.Current.Bytes);
                offset = batches.Current.LastOffset + 1;
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Every key's latest value.</summary>
    public SortedDictionary<string, string> Latest()
    {
        var latest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var scratch = new PooledBuffer();
        var batches = new BatchReader(Bytes());
        while (batches.MoveNext())
        {
            if (batches.Current.Attributes.IsControl) continue;
            var records = batches.Current.GetRecords(scratch);
            while (records.MoveNext())
            {
                var key = Encoding.UTF8.GetString(records.Key.Span);
                if (records.Value.IsNull) latest.Remove(key);
                else latest[key] = Encoding.UTF8.GetString(records.Value.Span);
            }
        }

        return latest;
    }

    /// <summary>What a pass leaves behind that has not come to its end.</summary>
    public string[] Unfinished() => [.. Files().Where(static name => name.Contains("cleaned", StringComparison.Ordinal) || name.Contains("swap", StringComparison.Ordinal))];

    public string[] Files() => [.. Test.Files.List(TestLog.Folder).Select(entry => entry.Name).Order(StringComparer.Ordinal)];

    private void Lend() => Target = new CompactedLog(Log, () => LastStable ?? Log.EndOffset, action =>
    {
        BeforeTurn();
        action();
        return Task.CompletedTask;
    });
}
