using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

public class ReadTests
{
    private static readonly LogSettings s_small = new() { SegmentBytes = 400, IndexIntervalBytes = 100 };

    [Fact]
    public void Reads_outside_the_log_say_so()
    {
        var test = TestLog.New();
        test.Append("a");
        Assert.Equal(LogReadOutcome.OutOfRange, test.Log.Read(2, 100, long.MaxValue).Outcome);
        Assert.Equal(LogReadOutcome.OutOfRange, test.Log.Read(-1, 100, long.MaxValue).Outcome);
        var atEnd = test.Log.Read(1, 100, long.MaxValue);
        Assert.Equal((LogReadOutcome.Read, 0), (atEnd.Outcome, atEnd.Slice.Length));
    }

    [Fact]
    public void The_first_batch_comes_whole_where_that_is_asked_for()
    {
        var test = TestLog.New();
        test.Append(new string('x', 500));
        using (var whole = test.Log.Read(0, 10, long.MaxValue).Slice) Assert.True(whole.Length > 500);
        using var cut = test.Log.Read(0, 10, long.MaxValue, wholeBatch: false).Slice;
        Assert.Equal(10, cut.Length);
    }

    [Fact]
    public void Every_offset_is_found_in_every_segment()
    {
        var test = TestLog.New(s_small);
        for (var i = 0; i < 100; i++) test.Append($"value {i}", $"and {i}");
        Assert.True(test.Log.Segments.Count > 10);
        for (var offset = 0; offset < 200; offset++)
        {
            Assert.Equal(200 - offset, test.Values(offset, maxBytes: 300).Count);
            Assert.Equal(offset / 2 * 2, test.Values(0, upTo: offset).Count);
        }
    }

    [Fact]
    public void A_slice_outlives_its_segment()
    {
        var test = TestLog.New(s_small);
        for (var i = 0; i < 100; i++) test.Append($"value {i}");
        var read = test.Log.Read(0, 100, long.MaxValue);
        test.Log.MoveStart(100);
        Assert.True(test.Log.RemoveExpired(100) > 0);
        var bytes = new byte[read.Slice.Length];
        Assert.Equal(bytes.Length, read.Slice.Read(0, bytes));
        read.Slice.Dispose();
        Assert.Equal(LogReadOutcome.OutOfRange, test.Log.Read(0, 100, long.MaxValue).Outcome);
    }

    [Fact]
    public void Records_are_found_by_their_time()
    {
        var test = TestLog.New(s_small);
        for (var i = 0; i < 50; i++) test.AppendAt(1000 + i * 10, $"value {i}", "second");
        for (var time = 900; time < 1490; time++)
        {
            var expected = Math.Max(0, (time - 1000 + 9) / 10);
            var found = test.Log.FindTimestamp(time);
            Assert.Equal((expected * 2, 1000 + expected * 10), (found!.Value.Offset, found.Value.Timestamp));
        }

        Assert.Null(test.Log.FindTimestamp(1491));
        Assert.Equal(98, test.Log.FindMaxTimestamp()!.Value.Offset);
        // Older records behind the youngest do not hide it.
        test.AppendAt(5, "late");
        Assert.Equal(98, test.Log.FindMaxTimestamp()!.Value.Offset);
        test.Log.MoveStart(99);
        Assert.Equal(99, test.Log.FindMaxTimestamp()!.Value.Offset);
        test.Log.MoveStart(100);
        Assert.Equal((100, 5), (test.Log.FindMaxTimestamp()!.Value.Offset, test.Log.FindMaxTimestamp()!.Value.Timestamp));
    }

    [Fact]
    public void Aborted_transactions_are_told_for_the_range_they_reach_into()
    {
        var test = TestLog.New(s_small);
        for (var round = 0; round < 30; round++)
        {
            test.Produce(1, round, $"a{round}", isTransactional: true);
            test.Produce(2, round, $"b{round}", isTransactional: true);
            test.End(1, isAbort: true);
            test.End(2, isAbort: false);
        }

        var found = new List<AbortedTransaction>();
        test.Log.CollectAborted(40, 80, found);
        Assert.Equal(Enumerable.Range(10, 10).Select(round => round * 4L), found.Select(aborted => aborted.FirstOffset));
        Assert.True(test.Log.Segments.Count > 3);
    }
}
