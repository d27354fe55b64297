using System.Globalization;
using Moldau.Client.DeadLetters;
using Xunit;

namespace Moldau.Unit.Client.DeadLetters;

public class OffsetRangesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("5", "5")]
    [InlineData("5,6,7", "5-7")]
    [InlineData("7,5,6", "5-7")]
    [InlineData("1,3,5,2-4", "1-5")]
    [InlineData("10-20,0-30", "0-30")]
    [InlineData("10-20,12-15", "10-20")]
    [InlineData("0-9223372036854775807,5", "0-9223372036854775807")]
    public void Neighbours_become_one(string added, string expected) => Assert.Equal(expected, Of(added).ToString());

    [Fact]
    public void It_has_what_was_added_and_nothing_else()
    {
        var seed = Environment.GetEnvironmentVariable("MOLDAU_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"MOLDAU_SEED={seed}");
        var chance = new Random(seed);
        var (ranges, model) = (new OffsetRanges(), new HashSet<long>());
        for (var i = 0; i < 500; i++)
        {
            var first = chance.Next(2_000);
            var last = first + chance.Next(5);
            ranges.Add(first, last);
            for (var offset = first; offset <= last; offset++) model.Add(offset);
        }

        for (var offset = 0; offset < 2_010; offset++) Assert.Equal(model.Contains(offset), ranges.Contains(offset));
    }

    private static OffsetRanges Of(string added)
    {
        var ranges = new OffsetRanges();
        foreach (var part in added.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            ranges.Add(long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[^1], CultureInfo.InvariantCulture));
        }

        return ranges;
    }
}
