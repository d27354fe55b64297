using Moldau.Client;
using Moldau.Client.Consuming;
using Xunit;

namespace Moldau.Unit.Client.Consuming;

public class WatermarkTests
{
    [Fact]
    public void It_passes_no_gap_whatever_the_order()
    {
        var mark = new Watermark(10);
        Assert.Equal(new OffsetPosition(10), mark.Position);
        mark.Add(10, 11, 3);
        mark.Add(11, 15, 3);
        mark.Add(20, 21, 4);
        Assert.Equal(10, mark.Position.Offset);
        mark.Complete(20);
        mark.Complete(11);
        Assert.Equal(10, mark.Position.Offset);
        Assert.False(mark.IsIdle);
        mark.Complete(10);
        Assert.Equal(new OffsetPosition(21, 4), mark.Position);
        Assert.True(mark.IsIdle);
    }

    [Fact]
    public void Between_what_is_done_and_what_is_next_lies_nothing_that_would_come_again()
    {
        var mark = new Watermark(0);
        mark.Add(0, 5, 1);
        mark.Complete(0);
        mark.Add(9, 12, 2);
        Assert.Equal(new OffsetPosition(9, 1), mark.Position);
        mark.Skip(30, 2);
        Assert.Equal(9, mark.Position.Offset);
        mark.Complete(9);
        Assert.Equal(new OffsetPosition(30, 2), mark.Position);
        mark.Complete(9);
        Assert.Equal(30, mark.Position.Offset);
    }

    [Fact]
    public void What_lies_before_what_was_given_out_cannot_be_given_out_again()
    {
        var mark = new Watermark(5);
        Assert.Throws<ArgumentOutOfRangeException>(() => mark.Add(4, 6, 0));
        mark.Add(5, 8, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => mark.Add(7, 9, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => mark.Add(8, 8, 0));
    }

    [Theory]
    [InlineData(10, 10, 10, -1, 9)]
    [InlineData(10, 13, 10, 10, 9)]
    [InlineData(12, 13, 12, 12, 10)]
    [InlineData(13, 13, 13, -1, 10)]
    public void Of_a_batch_that_was_left_only_what_was_given_out_counts(long done, long next, long offset, long unfinished, int epoch)
    {
        var mark = new Watermark(0);
        mark.Add(0, 10, 9);
        mark.Complete(0);
        mark.Add(10, 20, 10);
        Assert.Equal(unfinished >= 0, mark.Cut(10, done, next, out var left));
        Assert.Equal(unfinished, left);
        Assert.Equal(offset, mark.Position.Offset);
        if (left < 0) Assert.Equal(epoch, mark.Position.LeaderEpoch);
        mark.Add(next, 30, 11);
        mark.Complete(left);
        Assert.Equal(next, mark.Position.Offset);
        mark.Complete(next);
        Assert.Equal(new OffsetPosition(30, 11), mark.Position);
    }

    [Fact]
    public void However_many_are_under_way_it_is_the_lowest_that_is_not_done()
    {
        var (mark, chance) = (new Watermark(0), new Random(5));
        var (open, next) = (new SortedSet<long>(), 0L);
        for (var i = 0; i < 20_000; i++)
        {
            if (open.Count == 0 || (open.Count < 500 && chance.Next(2) == 0))
            {
                var first = next + chance.Next(3);
                next = first + 1 + chance.Next(4);
                mark.Add(first, next, 0);
                open.Add(first);
            }
            else
            {
                var one = open.ElementAt(chance.Next(Math.Min(open.Count, 50)));
                open.Remove(one);
                mark.Complete(one);
            }

            Assert.Equal(open.Count == 0 ? next : open.Min, mark.Position.Offset);
        }
    }
}
