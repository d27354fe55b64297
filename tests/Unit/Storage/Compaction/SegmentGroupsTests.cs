using Moldau.Storage.Compaction;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

public class SegmentGroupsTests
{
    [Fact]
    public void Neighbours_come_together_as_long_as_they_fit()
    {
        Assert.Equal([2, 1, 2], Group([60, 40, 2, 99, 1], mostBytes: 100));
        Assert.Equal([1, 1, 1], Group([100, 100, 100], mostBytes: 100));
        Assert.Equal([4], Group([1, 1, 1, 1], mostBytes: 100));
        Assert.Equal([1, 1], Group([150, 1], mostBytes: 100));
        Assert.Empty(Group([], mostBytes: 100));
    }

    [Fact]
    public void Either_index_can_be_what_is_full()
    {
        SegmentFacts[] segments = [Segment(0, 10, 10, index: 60), Segment(10, 20, 10, index: 40), Segment(20, 30, 10, index: 1, timeIndex: 1), Segment(30, 40, 10, timeIndex: 100)];

        Assert.Equal([2, 1, 1], SegmentGroups.Of(segments, 1000, 100));
    }

    [Fact]
    public void The_last_offset_must_be_near_enough_to_the_first_for_an_index()
    {
        const long Far = int.MaxValue;
        Assert.Equal([2], SegmentGroups.Of([Segment(5, 10, 1), Segment(10, Far + 6, 1)], 100, 100));
        Assert.Equal([1, 1], SegmentGroups.Of([Segment(5, 10, 1), Segment(10, Far + 7, 1)], 100, 100));
        Assert.Equal([2], SegmentGroups.Of([Segment(5, 10, 1), Segment(10, Far * 4, 0)], 100, 100));
    }

    private static List<int> Group(int[] sizes, long mostBytes)
    {
        var segments = new SegmentFacts[sizes.Length];
        for (var i = 0; i < sizes.Length; i++) segments[i] = Segment(i * 10, i * 10 + 10, sizes[i]);
        return SegmentGroups.Of(segments, mostBytes, 1000);
    }

    private static SegmentFacts Segment(long start, long end, long bytes, long index = 0, long timeIndex = 0) => new(start, end, bytes, index, timeIndex, 0, 0);
}
