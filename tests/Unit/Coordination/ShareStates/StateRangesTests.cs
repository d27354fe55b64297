using Moldau.Coordination.ShareStates;
using Xunit;

namespace Moldau.Unit.Coordination.ShareStates;

public class StateRangesTests
{
    [Fact]
    public void Neighbours_that_are_alike_are_one()
    {
        var merged = StateRanges.Merge([new(0, 4, 2, 1), new(5, 9, 0, 1)], [new(5, 9, 2, 1), new(12, 13, 2, 1)], StateRanges.NoStart);

        Assert.Equal([new StateRange(0, 9, 2, 1), new StateRange(12, 13, 2, 1)], merged);
    }

    [Fact]
    public void What_is_below_the_start_goes()
    {
        Assert.Equal([new StateRange(7, 9, 0, 1)], StateRanges.Merge([new(0, 4, 2, 1), new(5, 9, 0, 1)], [], 7));
    }

    /// <summary>Whatever comes, each record is what a record of its own would be.</summary>
    [Fact]
    public void Each_record_stands_as_if_it_were_alone()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var chance = new Random(seed);
            StateRange[] ranges = [];
            var alone = new StateRange?[60];
            for (var round = 0; round < 12; round++)
            {
                var said = Enumerable.Range(0, chance.Next(0, 5)).Select(_ => Any(chance)).ToArray();
                long start = chance.Next(4) == 0 ? chance.Next(0, 30) : StateRanges.NoStart;
                ranges = StateRanges.Merge(ranges, said, start);
                foreach (var range in said) Say(alone, range);
                for (var offset = 0; offset < start; offset++) alone[offset] = null;

                Assert.Equal(Text(alone), Text(Spread(ranges)));
                for (var index = 1; index < ranges.Length; index++)
                    Assert.True(ranges[index].First > ranges[index - 1].Last + 1 || !ranges[index].IsLike(ranges[index - 1]), $"seed {seed}: {ranges[index - 1]} and {ranges[index]} are one");
            }
        }
    }

    private static StateRange Any(Random chance)
    {
        var first = chance.Next(0, 50);
        return new StateRange(first, first + chance.Next(0, 10), (sbyte)(chance.Next(0, 3) * 2), (short)chance.Next(1, 4));
    }

    private static void Say(StateRange?[] alone, in StateRange range)
    {
        for (var offset = range.First; offset <= range.Last; offset++)
        {
            var one = range with { First = offset, Last = offset };
            if (alone[offset] is not { } known || !known.IsNewerThan(one)) alone[offset] = one;
        }
    }

    private static StateRange?[] Spread(StateRange[] ranges)
    {
        var spread = new StateRange?[60];
        foreach (var range in ranges)
        {
            for (var offset = range.First; offset <= range.Last; offset++)
            {
                Assert.Null(spread[offset]);
                spread[offset] = range with { First = offset, Last = offset };
            }
        }

        return spread;
    }

    private static string Text(StateRange?[] records) => string.Join(' ', records.Select(static (record, offset) => record is { } one ? $"{offset}:{one.State}/{one.Deliveries}" : "-"));
}
