using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Moldau.Testing;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>librdkafka while an embedded broker moves the leader back and forth: it writes everything once, and reads all of it in order.</summary>
public sealed class MovedLeaderTests
{
    private const string Topic = "t";
    private const int Records = 200_000;
    private const int Moves = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Librdkafka_follows_the_leader()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Nodes = 2 });
        var written = await MovingAsync(broker, ApiKey.Produce, RunAsync(broker, "produce", "none", "true"));
        Assert.Equal(written, await MovingAsync(broker, ApiKey.Fetch, RunAsync(broker, "consume")));
    }

    /// <summary>Every other request of the API moves the leader.</summary>
    private static async Task<string> MovingAsync(EmbeddedBroker broker, ApiKey api, Task<string> work)
    {
        for (var move = 1; move <= Moves; move++)
        {
            using var fault = broker.Faults.Delay(api, TimeSpan.FromMilliseconds(1), nth: 2);
            await Task.WhenAny(fault.Happened, work);
            Assert.False(work.IsCompleted, $"the {api} requests ended before move {move}: {(work.IsFaulted ? work.Exception.Message : "")}");
            await broker.MoveLeaderAsync(Topic, 0, 3 - broker.LeaderOf(Topic, 0));
        }

        return await work;
    }

    private static async Task<string> RunAsync(EmbeddedBroker broker, string verb, params string[] more) => await ChildProcess.RunAsync(
        $"librdkafka to {verb}", Deadline, await Librdkafka.PythonAsync(Librdkafka.New), [RepositoryPaths.RecordScript, verb, broker.BootstrapServers, Topic, $"{Records}", .. more]);
}
