using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class CleanableRangeTests
{
    private const long Now = 1_000_000;

    private static readonly CompactionSettings Settings = new();

    // Four closed segments of 100 offsets and 1000 bytes, their records a second apart, and the active one.
    private static readonly SegmentFacts[] Segments =
    [
        new(0, 100, 1000, 0, 0, 900_000, 900_099), new(100, 200, 1000, 0, 0, 900_100, 900_199), new(200, 300, 1000, 0, 0, 900_200, 900_299),
        new(300, 400, 1000, 0, 0, 900_300, 900_399), new(400, 450, 500, 0, 0, 900_400, 900_449),
    ];

    [Fact]
    public void A_log_that_never_was_compacted_is_dirty_up_to_its_active_segment()
    {
        var range = Of(Bounds(null));

        Assert.Equal((0, 400, 0, 4000, 1.0), (range.FirstDirtyOffset, range.FirstUncleanableOffset, range.CleanBytes, range.DirtyBytes, range.DirtyRatio));
        Assert.True(range.IsDue(0.99));
        Assert.False(range.IsReset);
    }

    [Fact]
    public void What_was_compacted_counts_as_clean()
    {
        var range = Of(Bounds(300));

        Assert.Equal((300, 400, 3000, 1000, 0.25), (range.FirstDirtyOffset, range.FirstUncleanableOffset, range.CleanBytes, range.DirtyBytes, range.DirtyRatio));
        Assert.True(range.IsDue(0.24));
        Assert.False(range.IsDue(0.25));
        Assert.Equal((0, 400), (Of(Bounds(400)).DirtyBytes, Of(Bounds(400)).FirstUncleanableOffset));
    }

    [Fact]
    public void A_segment_that_a_pass_ended_in_counts_on_both_sides()
    {
        var range = Of(Bounds(250));

        Assert.Equal((250, 400, 3000, 2000), (range.FirstDirtyOffset, range.FirstUncleanableOffset, range.CleanBytes, range.DirtyBytes));
    }

    [Theory]
    [InlineData(450, 450, 400)]
    [InlineData(399, 450, 300)]
    [InlineData(300, 450, 300)]
    [InlineData(299, 450, 200)]
    [InlineData(450, 399, 300)]
    [InlineData(450, 0, 0)]
    [InlineData(150, 250, 100)]
    public void Nothing_is_touched_at_the_last_stable_offset_or_the_recovery_point_or_above(long lastStable, long recoveryPoint, long expected)
    {
        var range = Of(new LogBounds(0, 450, lastStable, recoveryPoint, null));

        Assert.Equal((expected, expected * 10), (range.FirstUncleanableOffset, range.DirtyBytes));
    }

    [Fact]
    public void A_segment_with_a_young_record_stays_with_all_behind_it()
    {
        var settings = Settings with { MinLag = Now - 900_199 };
        Assert.Equal(200, CleanableRange.Of(Segments, Bounds(null), settings, Now).FirstUncleanableOffset);
        Assert.Equal(100, CleanableRange.Of(Segments, Bounds(null), settings, Now - 1).FirstUncleanableOffset);
    }

    [Fact]
    public void Records_that_wait_too_long_are_due_however_clean_the_log_is()
    {
        var settings = Settings with { MaxLag = 50_000 };
        var range = CleanableRange.Of(Segments, Bounds(300), settings, 950_301);
        Assert.Equal(1, range.Overdue);
        Assert.True(range.IsDue(0.9));
        Assert.Equal(0, CleanableRange.Of(Segments, Bounds(300), settings, 950_300).Overdue);
        // Overdue, but nothing may be touched yet.
        Assert.False(CleanableRange.Of(Segments, new LogBounds(0, 450, 450, 300, 300), settings, 960_000).IsDue(0));
        Assert.Equal(0, Of(Bounds(null)).Overdue);
    }

    [Theory]
    [InlineData(50, 451)]
    [InlineData(100, 99)]
    public void A_checkpoint_outside_the_log_counts_as_none(long start, long compacted)
    {
        var range = Of(new LogBounds(start, 450, 450, 450, compacted));

        Assert.True(range.IsReset);
        Assert.Equal(start, range.FirstDirtyOffset);
    }

    [Fact]
    public void A_log_with_nothing_but_its_active_segment_is_never_due()
    {
        var range = CleanableRange.Of([new SegmentFacts(0, 50, 500, 0, 0, 900_000, 900_400)], new LogBounds(0, 50, 50, 50, null), Settings with { MaxLag = 0 }, Now);

        Assert.Equal((0, 0, 0), (range.FirstUncleanableOffset, range.DirtyBytes, range.Overdue));
        Assert.False(range.IsDue(0));
    }

    private static LogBounds Bounds(long? compacted) => new(0, 450, 450, 450, compacted);

    private static CleanableRange Of(LogBounds bounds) => CleanableRange.Of(Segments, bounds, Settings, Now);
}
