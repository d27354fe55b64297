using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Unit.Storage.Files;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

/// <summary>What the log's ways allocate once they are warm, on the real disk.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Calls = 200;

    private readonly TestDisk _disk = new(DiskKind.Real);
    private readonly byte[] _plain = TestLog.Batch(1_700_000_000_000, ["a value"]);
    private readonly byte[] _idempotent = TestLog.Batch(1_700_000_000_000, ["a value"], new ProducerIdentity(7, 0, 0));
    private int _sequence;

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData(LogDurability.Fsync)]
    [InlineData(LogDurability.PageCache)]
    public void An_append_allocates_nothing(LogDurability durability)
    {
        // The index, whose entries are kept in memory, has a test of its own.
        var log = Open(new LogSettings { Durability = durability, IndexIntervalBytes = int.MaxValue });
        Assert.Equal(0, Least(() => AppendPlain(log)));
        Assert.Equal(0, Least(() => AppendIdempotent(log)));
        log.Release();
    }

    [Fact]
    public void The_index_grows_by_its_entries_alone()
    {
        var log = Open(new LogSettings { IndexIntervalBytes = 0 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Appends = 10_000;
        for (var i = 0; i < Appends; i++) AppendPlain(log);
        // Eight bytes an entry, in a list that doubles: the lists before it are no longer than itself together.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 4 * Appends);
        log.Release();
    }

    [Fact]
    public void A_read_allocates_nothing_in_a_closed_segment_and_in_the_last()
    {
        var log = Open(LogSettings.Default);
        for (var i = 0; i < 200; i++) AppendPlain(log);
        log.Roll();
        for (var i = 0; i < 200; i++) AppendPlain(log);
        var bytes = new byte[1000];
        foreach (var offset in (long[])[0, 150, 250, 399])
        {
            Assert.Equal(0, Least(() =>
            {
                using var slice = log.Read(offset, bytes.Length, log.EndOffset).Slice;
                Assert.True(slice.Read(0, bytes) > 0);
            }));
        }

        log.Release();
    }

    [Fact]
    public void A_round_of_the_flusher_allocates_nothing_for_a_log_and_little_for_a_disk()
    {
        var few = Open(LogSettings.Default);
        Assert.Equal(0, Least(() =>
        {
            AppendPlain(few);
            if (!few.Disk.Flusher.RunRound()) throw new InvalidOperationException("no round");
        }));
        few.Release();

        var disk = new LogDisk(_disk.Files, TimeProvider.System);
        var logs = new List<PartitionLog>();
        for (var i = 0; i < 20; i++) logs.Add(Open(LogSettings.Default, disk, $"many-{i}"));
        var least = Least(() =>
        {
            foreach (var log in logs) AppendPlain(log);
            Assert.True(disk.Flusher.RunRound());
        });
        // The handle of a folder, and its path for the system: once a round, however many logs there are.
        Assert.InRange(least, 0, 512);
        foreach (var log in logs) log.Release();
    }

    [Fact]
    public void A_disk_that_allocates_is_noticed()
    {
        var log = Open(LogSettings.Default, new LogDisk(new WastefulDisk(_disk.Files), TimeProvider.System), "wasteful");
        Assert.InRange(Least(() => AppendPlain(log)), 1, long.MaxValue);
        log.Release();
    }

    private PartitionLog Open(LogSettings settings, LogDisk? disk = null, string name = "orders-0")
    {
        disk ??= new LogDisk(_disk.Files, TimeProvider.System);
        DurableFolder.Ensure(disk.Files, _disk[name]);
        var log = LogLoader.Load(disk, _disk[name], new LogLoadRequest(0, 0, false, 0, settings)).Log;
        log.Opened();
        return log;
    }

    private void AppendPlain(PartitionLog log) => Append(log, _plain);

    private void AppendIdempotent(PartitionLog log)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(_idempotent.AsSpan(BatchLayout.BaseSequence), _sequence++);
        Append(log, _idempotent);
    }

    // An assertion on the outcome would allocate.
    private static void Append(PartitionLog log, byte[] batch)
    {
        var outcome = log.Append(batch, 0).Outcome;
        if (outcome != AppendOutcome.Appended) Assert.Fail($"{outcome}");
    }

    /// <summary>The quietest of many calls: lists grow now and then, and so does what the runtime compiles.</summary>
    private static long Least(Action call)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Calls; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private sealed class WastefulDisk(IFileSystem disk) : PassingDisk(disk)
    {
        public override IFile Open(string path, OpenMode mode) => new WastefulFile(base.Open(path, mode));
    }

    private sealed class WastefulFile(IFile file) : PassingFile(file)
    {
        public override void Write(long position, ReadOnlySpan<byte> source) => base.Write(position, source.ToArray());
    }
}
