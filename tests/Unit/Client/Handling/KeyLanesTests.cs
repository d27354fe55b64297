using Moldau.Client;
using Moldau.Client.Handling;
using Xunit;

namespace Moldau.Unit.Client.Handling;

public class KeyLanesTests
{
    private static readonly TopicPartition One = new("t", 0);
    private static readonly TopicPartition Other = new("t", 1);

    [Fact]
    public void What_is_in_one_lane_goes_one_by_one_and_lanes_go_side_by_side_up_to_the_bound()
    {
        var lanes = new KeyLanes<string>(2);
        foreach (var (order, item) in new[] { (1L, "a1"), (1L, "a2"), (2L, "b1"), (3L, "c1") }) lanes.Add(One, order, item);
        var a = Start(lanes, "a1");
        var b = Start(lanes, "b1");
        Assert.False(lanes.TryStart(out _, out _));
        lanes.Done(b);
        var c = Start(lanes, "c1");
        lanes.Done(c);
        Assert.False(lanes.TryStart(out _, out _));
        lanes.Done(a);
        Start(lanes, "a2");
        Assert.Equal((1, 0), (lanes.Running, lanes.Waiting));
    }

    [Fact]
    public void The_same_number_in_two_partitions_is_two_lanes()
    {
        var lanes = new KeyLanes<string>(2);
        lanes.Add(One, 1, "a");
        lanes.Add(Other, 1, "b");
        Start(lanes, "a");
        Start(lanes, "b");
    }

    [Fact]
    public void What_was_not_started_can_be_taken_out_and_the_rest_goes_on()
    {
        var lanes = new KeyLanes<string>(3);
        lanes.Add(One, 1, "a1");
        lanes.Add(One, 1, "a2");
        lanes.Add(One, null, "a3");
        lanes.Add(Other, 1, "b1");
        var a = Start(lanes, "a1");
        Assert.Equal(["a2", "a3"], lanes.Drop([One]));
        Assert.Equal(1, lanes.Waiting);
        Start(lanes, "b1");
        lanes.Done(a);
        lanes.Add(One, 1, "a4");
        Start(lanes, "a4");
    }

    [Fact]
    public void For_any_schedule_nothing_is_lost_and_order_is_kept_in_each_lane()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var chance = new Random(seed);
            var lanes = new KeyLanes<(TopicPartition Where, long? Order, int Number)>(chance.Next(1, 6));
            var running = new List<((TopicPartition Where, long? Order, int Number) Item, KeyLanes<(TopicPartition, long?, int)>.Lane? Lane)>();
            var last = new Dictionary<(TopicPartition, long), int>();
            var (added, seen) = (0, 0);
            while (added < 200 || seen < added)
            {
                var move = chance.Next(4);
                if (move == 0 && added < 200)
                {
                    var where = chance.Next(2) == 0 ? One : Other;
                    long? order = chance.Next(4) == 0 ? null : chance.Next(3);
                    lanes.Add(where, order, (where, order, added++));
                }
                else if (move == 1 && running.Count > 0)
                {
                    var at = chance.Next(running.Count);
                    lanes.Done(running[at].Lane);
                    running.RemoveAt(at);
                    seen++;
                }
                else if (move == 2 && chance.Next(20) == 0)
                {
                    seen += lanes.Drop(chance.Next(2) == 0 ? [One] : null).Count;
                }
                else if (lanes.TryStart(out var item, out var lane))
                {
                    Assert.DoesNotContain(running, other => item.Order is not null && other.Item.Where == item.Where && other.Item.Order == item.Order);
                    if (item.Order is { } number)
                    {
                        Assert.True(last.GetValueOrDefault((item.Where, number), -1) < item.Number);
                        last[(item.Where, number)] = item.Number;
                    }

                    running.Add((item, lane));
                }

                Assert.Equal(running.Count, lanes.Running);
                Assert.Equal(added - seen - running.Count, lanes.Waiting);
            }
        }
    }

    private static KeyLanes<string>.Lane? Start(KeyLanes<string> lanes, string expected)
    {
        Assert.True(lanes.TryStart(out var item, out var lane));
        Assert.Equal(expected, item);
        return lane;
    }
}
