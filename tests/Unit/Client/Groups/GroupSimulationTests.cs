using Moldau.Client.Groups;
using Moldau.Unit.Client.Groups.Model;
using Xunit;

namespace Moldau.Unit.Client.Groups;

public class GroupSimulationTests(ITestOutputHelper output)
{
    private static readonly GroupOptions Options = new()
    {
        SessionTimeout = TimeSpan.FromMilliseconds(GroupModel.SessionMs),
        HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        RebalanceTimeout = TimeSpan.FromMilliseconds(1500),
    };

    [Theory]
    [InlineData(ClassicAssignor.CooperativeSticky)]
    [InlineData(ClassicAssignor.Sticky)]
    [InlineData(ClassicAssignor.RoundRobin)]
    public void No_partition_has_two_owners_in_the_classic_protocol(ClassicAssignor assignor) => Run(static () => new ClassicModel(), _ => new ClassicMember(
        "g", Options with { Assignors = [assignor] }, GroupSubscription.Of(["t", "u"]), static failures => 20 * failures, TimeSpan.FromMilliseconds(700)));

    [Fact]
    public void No_partition_has_two_owners_in_the_consumer_protocol() => Run(static () => new ConsumerModel(), static number => new ConsumerMember(
        "g", $"c{number}", Options, GroupSubscription.Of(["t", "u"]), static failures => 20 * failures, TimeSpan.FromMilliseconds(700)));

    private void Run(Func<GroupModel> model, Func<int, GroupMember> create)
    {
        var fencings = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var simulation = new GroupSimulation(seed, model(), create);
            simulation.Run(1500, 1 + seed % 4);
            fencings += simulation.Fencings;
        }

        output.WriteLine($"{fencings} partitions were taken of members that were put out");
    }
}
