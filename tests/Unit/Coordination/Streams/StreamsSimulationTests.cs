using Xunit;

namespace Moldau.Unit.Coordination.Streams;

public class StreamsSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_task_is_run_twice_and_groups_settle(int seed)
    {
        for (var run = 0; run < 10; run++)
        {
            var simulation = new StreamsSimulation((seed * 1000) + run);
            var fault = Record.Exception(() => simulation.Run(steps: 150));
            Assert.True(fault is null, $"seed {(seed * 1000) + run}: {fault}");
        }
    }
}
