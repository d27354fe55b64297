using Xunit;

namespace Moldau.Unit.Coordination.Consumer;

public class ConsumerSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_partition_has_two_users_and_groups_settle(int seed)
    {
        for (var run = 0; run < 5; run++)
        {
            var simulation = new ConsumerSimulation((seed * 1000) + run);
            var fault = Record.Exception(() => simulation.Run(steps: 150));
            Assert.True(fault is null, $"seed {(seed * 1000) + run}: {fault}");
        }
    }
}
