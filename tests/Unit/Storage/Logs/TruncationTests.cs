using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

public class TruncationTests
{
    [Fact]
    public void A_log_is_cut_at_any_offset_and_goes_on_from_there()
    {
        for (var cut = 0; cut <= 40; cut++)
        {
            var test = TestLog.New(new LogSettings { SegmentBytes = 300, IndexIntervalBytes = 50 });
            for (var i = 0; i < 40; i++) test.Produce(1, i, $"{i}");
            test.Flush();
            test.Log.TruncateTo(cut);
            Assert.Equal((cut, cut), (test.Log.EndOffset, test.Log.DurableOffset));
            Assert.Equal(Enumerable.Range(0, cut).Select(i => ((long)i, $"{i}")), test.Values());

            // The producer's state is that of the log as it is now.
            for (var i = cut; i < 50; i++) Assert.Equal(i, test.Produce(1, i, $"new {i}").BaseOffset);
            test.Flush();
            Assert.Equal(50, test.Log.DurableOffset);
            test.Reopen(inOrder: false);
            Assert.Equal(50, test.Values().Count);
            Assert.Equal((50L, $"new 50"), (test.Produce(1, 50, "new 50").BaseOffset, "new 50"));
        }
    }

    [Fact]
    public void Epochs_follow_the_end()
    {
        var test = TestLog.New();
        for (var epoch = 0; epoch < 5; epoch++)
        {
            for (var i = 0; i < 3; i++) test.Log.Append(TestLog.Batch(1, ["x"]), epoch);
        }

        Assert.Equal(new EpochEnd(2, 9), test.Log.EndOffsetOf(2));
        test.Log.TruncateTo(7);
        Assert.Equal(new EpochEnd(2, 7), test.Log.EndOffsetOf(2));
        Assert.Equal(EpochEnd.Unknown, test.Log.EndOffsetOf(3));
    }

    [Fact]
    public void A_log_begins_anew_behind_its_end()
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 200 });
        for (var i = 0; i < 10; i++) test.Produce(3, i, "x");
        test.Log.StartAt(1000);
        Assert.Equal((1000, 1000, 1000), (test.Log.StartOffset, test.Log.EndOffset, test.Log.DurableOffset));
        Assert.Equal(1000, test.Append("a").BaseOffset);
        test.Reopen();
        Assert.Equal([(1000, "a")], test.Values());
    }
}
