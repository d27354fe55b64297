using System.Globalization;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

/// <summary>How much of a segment is read for what is wanted of it.</summary>
public class ReadEffortTests
{
    private static readonly string s_large = new('x', 20_000);

    private static int Count => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 2_000 : 30;

    [Fact]
    public void An_offset_in_a_large_batch_costs_one_header()
    {
        var (test, disk) = New();
        for (var i = 0; i < 20; i++) test.Append(s_large, "second", "third");
        test.Log.Roll();
        for (var offset = 3; offset < 60; offset++)
        {
            disk.Reset();
            using var slice = test.Log.Read(offset, 1, test.Log.EndOffset).Slice;
            Assert.Equal((1, BatchLayout.HeaderSize), (disk.Reads, (int)Math.Min(disk.BytesRead, BatchLayout.HeaderSize)));
            Assert.Equal(offset / 3 * 3, BaseOffsetOf(slice));
        }
    }

    [Fact]
    public void Every_offset_is_found_among_batches_of_all_sizes()
    {
        var given = Environment.GetEnvironmentVariable("MOLDAU_SEED");
        var first = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={first}");
        for (var i = 0; i < Count; i++) FindEveryOffset(unchecked(first + i));
    }

    [Fact]
    public void Damage_behind_an_offset_is_no_matter_of_its()
    {
        var (test, _) = New();
        for (var i = 0; i < 4; i++) test.Append(s_large, "second");
        test.Log.Roll();
        // Where the entry behind the first batch points to.
        var position = test.Log.Segments.First.Indexes.Offsets.Lookup(3).Position;
        using (var file = test.Files.Open(test.Log.Segments.First.File.Path, OpenMode.Existing)) file.Write(position + BatchLayout.Length, [0xFF]);

        using (var slice = test.Log.Read(1, 1, test.Log.EndOffset).Slice) Assert.Equal(0, BaseOffsetOf(slice));
        Assert.Throws<LogDamageException>(() => test.Log.Read(2, 1, test.Log.EndOffset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_whose_first_record_is_its_youngest_is_not_walked_to_find_that_out(bool inOrder)
    {
        var (test, disk) = New();
        test.AppendAt(5_000_000, "first");
        for (var i = 0; i < 500; i++) test.AppendAt(1_000_000 + i, s_large);
        Assert.True(test.Log.TryCheckpoint());
        test.Flush();
        test.AppendAt(1_000_500, "behind the recovery point");
        test.Flush();
        disk.Reset();
        test.Reopen(inOrder);
        Assert.Equal((0, 5_000_000), (test.Log.FindMaxTimestamp()!.Value.Offset, test.Log.FindMaxTimestamp()!.Value.Timestamp));
        Assert.True(disk.BytesRead < 200_000, $"{disk.BytesRead} bytes in {disk.Reads} reads of a log of {test.Log.Size}");
    }

    [Fact]
    public void A_crash_costs_what_was_written_since_the_recovery_point()
    {
        var (test, disk) = New(new LogSettings { CheckpointBytes = 1_000_000, SegmentBytes = 3_000_000 });
        for (var i = 0; i < 500; i++)
        {
            test.Clock.Milliseconds++;
            test.Append(s_large);
            if (i % 10 == 0) test.Flush();
        }

        test.Flush();
        var behind = test.Log.EndOffset - test.Log.RecoveryPoint;
        disk.Reset();
        test.Reopen(inOrder: false);
        Assert.Equal(500, test.Log.EndOffset);
        Assert.InRange(behind, 1, 60);
        Assert.True(disk.BytesRead < (behind + 5) * 2 * s_large.Length, $"{disk.BytesRead} bytes in {disk.Reads} reads of a log of {test.Log.Size}, {behind} batches behind the point");
    }

    private static void FindEveryOffset(int seed)
    {
        var random = new Random(seed);
        var (test, _) = New();
        for (var i = 0; i < 60; i++)
        {
            // Some offsets are missing, as compaction leaves it.
            if (random.Next(4) == 0) test.Log.AppendAsFollower(At(test.Log.EndOffset + random.Next(3), new string('x', Size(random))));
            else test.Append(new string('x', Size(random)), "second");
        }

        var batches = Batches(test);
        for (var offset = 0L; offset < test.Log.EndOffset; offset++)
        {
            using var slice = test.Log.Read(offset, 1, test.Log.EndOffset).Slice;
            var expected = batches.Find(batch => batch.Last >= offset).Base;
            Assert.True(expected == BaseOffsetOf(slice), $"MOLDAU_SEED={seed}, offset {offset}: a slice from {BaseOffsetOf(slice)} on, not from {expected}");
        }
    }

    private static (TestLog Test, CountingDisk Disk) New(LogSettings? settings = null)
    {
        var disk = new CountingDisk(new MemoryFileSystem(keepsHistory: false), SegmentName.Log);
        return (new TestLog(disk, settings).Open(), disk);
    }

    private static int Size(Random random) => random.Next(3) switch { 0 => random.Next(50), 1 => random.Next(3000), _ => random.Next(30_000) };

    private static byte[] At(long offset, string value)
    {
        var batch = TestLog.Batch(1_700_000_000_000, [value]);
        BatchPatch.SetOffsetAndEpoch(batch, offset, 0);
        return batch;
    }

    private static List<(long Base, long Last)> Batches(TestLog test)
    {
        using var slice = test.Log.Read(test.Log.StartOffset, int.MaxValue, test.Log.EndOffset).Slice;
        var bytes = new byte[slice.Length];
        slice.Read(0, bytes);
        var found = new List<(long, long)>();
        var reader = new BatchReader(bytes);
        while (reader.MoveNext()) found.Add((reader.Current.BaseOffset, reader.Current.LastOffset));
        return found;
    }

    private static long BaseOffsetOf(LogSlice slice)
    {
        var bytes = new byte[slice.Length];
        slice.Read(0, bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
