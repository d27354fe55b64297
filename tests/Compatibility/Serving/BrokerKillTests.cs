using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>The broker's process killed under load: what it acknowledged is there, once, and in order.</summary>
public sealed class BrokerKillTests(ITestOutputHelper output) : IDisposable
{
    private const string Topic = "counted";
    private const int Partitions = 4;
    private const int MostMilliseconds = 400;

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-kill-").FullName;

    private static int Rounds => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 200 : 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_reordered_by_kills()
    {
        var chance = TestSeed.For(nameof(Nothing_acknowledged_is_lost_doubled_or_reordered_by_kills));
        var producers = Enumerable.Range(0, Partitions).Select(partition => new CountingProducer(Topic, partition)).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            using var broker = await BrokerProcess.StartAsync(_folder);
            if (round == 0) await CountedTopic.CreateAsync(broker, Topic, Partitions);
            else await CheckAsync(broker, producers, round);
            var load = new CountingLoad(producers, broker, chance);
            await load.FirstAcknowledgementAsync();
            await Task.Delay(chance.Next(1, MostMilliseconds), TestContext.Current.CancellationToken);
            broker.Kill();
            await load.EndAsync();
        }

        using (var last = await BrokerProcess.StartAsync(_folder)) await CheckAsync(last, producers, Rounds);
        output.WriteLine($"{TestSeed.Text}: {Rounds} kills, {producers.Sum(producer => producer.Acknowledged)} records acknowledged");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task CheckAsync(BrokerProcess broker, List<CountingProducer> producers, int round)
    {
        var loss = await CountedTopic.FindLossAsync(broker, Topic, producers);
        Assert.True(loss is null, $"{TestSeed.Text}, round {round}: {loss}");
    }
}
