using Moldau.Storage.Logs;
using Xunit;

namespace Moldau.Unit.Storage.Logs;

/// <summary>A producer with five batches on their way sends all of them again after a restart; each must be known.</summary>
public class BatchRecallTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_five_batches_are_known_after_a_restart_and_no_more(bool inOrder)
    {
        var test = TestLog.New(new LogSettings { SegmentBytes = 500, IndexIntervalBytes = 100 });
        var offsets = new List<long>();
        for (var i = 0; i < 30; i++)
        {
            offsets.Add(test.Produce(1, i, $"{i}").BaseOffset);
            test.Produce(2, i, $"other {i}");
            test.Append("of nobody");
        }

        test.Flush();
        test.Reopen(inOrder);
        for (var i = 25; i < 30; i++)
        {
            var again = test.Produce(1, i, $"{i}");
            Assert.Equal((AppendOutcome.Duplicate, offsets[i]), (again.Outcome, again.BaseOffset));
        }

        Assert.Equal(AppendOutcome.Refused, test.Produce(1, 24, "24").Outcome);
        Assert.Equal(AppendOutcome.Appended, test.Produce(1, 30, "30").Outcome);
        // Five are remembered: what has come since has taken the place of the oldest.
        Assert.Equal(AppendOutcome.Refused, test.Produce(1, 25, "25").Outcome);
        Assert.Equal(AppendOutcome.Duplicate, test.Produce(1, 26, "26").Outcome);
    }

    [Fact]
    public void What_was_appended_since_the_restart_counts_among_the_five()
    {
        var test = TestLog.New();
        for (var i = 0; i < 10; i++) test.Produce(1, i, $"{i}");
        test.Reopen();
        for (var i = 10; i < 12; i++) Assert.Equal(AppendOutcome.Appended, test.Produce(1, i, $"{i}").Outcome);
        Assert.Equal(AppendOutcome.Duplicate, test.Produce(1, 7, "7").Outcome);
        Assert.Equal(AppendOutcome.Refused, test.Produce(1, 6, "6").Outcome);
    }

    [Fact]
    public void A_gap_stays_a_gap_and_nothing_is_read_for_it()
    {
        var test = TestLog.New();
        for (var i = 0; i < 10; i++) test.Produce(1, i, $"{i}");
        test.Reopen();
        Assert.Equal(AppendOutcome.Refused, test.Produce(1, 12, "12").Outcome);
        Assert.Equal(AppendOutcome.Duplicate, test.Produce(1, 8, "8").Outcome);
    }

    [Fact]
    public void Batches_of_an_older_epoch_are_none_of_this_one()
    {
        var test = TestLog.New();
        for (var i = 0; i < 5; i++) test.Produce(1, i, $"{i}");
        test.Produce(1, 0, "anew", epoch: 1);
        test.Produce(1, 1, "anew", epoch: 1);
        test.Reopen();
        Assert.Equal(AppendOutcome.Duplicate, test.Produce(1, 0, "anew", epoch: 1).Outcome);
        Assert.Equal(AppendOutcome.Refused, test.Produce(1, 4, "4").Outcome);
    }

    [Fact]
    public void Sequences_that_wrap_are_told_apart()
    {
        var test = TestLog.New();
        int[] sequences = [int.MaxValue - 1, int.MaxValue, 0, 1];
        foreach (var sequence in sequences) test.Produce(1, sequence, $"{sequence}");
        test.Reopen();
        foreach (var sequence in sequences) Assert.Equal(AppendOutcome.Duplicate, test.Produce(1, sequence, $"{sequence}").Outcome);
    }
}
