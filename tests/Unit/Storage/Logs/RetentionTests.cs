using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

public class RetentionTests
{
    [Fact]
    public void Segments_go_when_they_are_too_old()
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 200, RetentionMilliseconds = 1000 });
        for (var i = 0; i < 10; i++) test.Append("value");
        test.Clock.Milliseconds += 600;
        for (var i = 0; i < 10; i++) test.Append("value");
        test.Log.RemoveExpired(long.MaxValue);
        Assert.Equal(0, test.Log.StartOffset);

        test.Clock.Milliseconds += 401;
        test.Log.RemoveExpired(5);
        Assert.Equal(4, test.Log.StartOffset);
        test.Log.RemoveExpired(long.MaxValue);
        Assert.Equal(10, test.Log.StartOffset);
        Assert.Equal(10, test.Values().Count);

        // The last segment too, behind a new one.
        test.Clock.Milliseconds += 10_000;
        test.Log.RemoveExpired(long.MaxValue);
        Assert.Equal((20, 20, 1), (test.Log.StartOffset, test.Log.EndOffset, test.Log.Segments.Count));
        Assert.Equal(20, test.Append("next").BaseOffset);
    }

    [Fact]
    public void Segments_go_when_there_are_too_many_bytes()
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 200, RetentionBytes = 500, RetentionMilliseconds = -1 });
        for (var i = 0; i < 20; i++) test.Append("value");
        test.Log.RemoveExpired(long.MaxValue);
        Assert.InRange(test.Log.Size, 500, 700);
        Assert.Equal(test.Log.StartOffset, test.Log.Segments.First.BaseOffset);
        Assert.Equal(20 - test.Log.StartOffset, test.Values().Count);
    }

    [Fact]
    public void Deleted_records_are_out_of_sight_and_their_segments_go()
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 200, RetentionMilliseconds = -1, Deletes = false });
        for (var i = 0; i < 20; i++) test.Append($"{i}");
        Assert.True(test.Log.MoveStart(13));
        Assert.False(test.Log.MoveStart(12));
        Assert.Equal(Enumerable.Range(13, 7).Select(i => ((long)i, $"{i}")), test.Values());
        test.Log.RemoveExpired(long.MaxValue);
        Assert.Equal((13, 12), (test.Log.StartOffset, test.Log.Segments.First.BaseOffset));
        Assert.Equal(7, test.Values().Count);
    }
}
