using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Connect;

/// <summary>
/// Kafka Connect in distributed mode, with its file connectors and exactly-once sources: its workers share the work, one of
/// them is killed, another comes, the broker is killed, and every line arrives.
/// </summary>
public sealed class DistributedConnectTests(ITestOutputHelper output)
{
    private const int LinesAtOnce = 500;

    private static int Rounds => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1" ? 10 : 1;

    [Fact]
    public async Task Files_arrive_complete_though_a_worker_and_the_broker_are_killed()
    {
        KafkaJars.Require();
        using var broker = await SteadyBroker.StartAsync("group.min.session.timeout.ms=1000", "group.initial.rebalance.delay.ms=0");
        var folder = Directory.CreateTempSubdirectory("moldau-connect-");
        try
        {
            var files = new[] { "brook", "river" }.Select(name => new CopiedFile(folder.FullName, name)).ToList();
            await using var cluster = new ConnectCluster(broker.Address);
            await CopyAsync(broker, cluster, files);
            foreach (var file in files)
            {
                var fault = await file.FaultAsync(broker.Address);
                Assert.True(fault is null, $"{fault}\n{cluster.Said}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task CopyAsync(SteadyBroker broker, ConnectCluster cluster, List<CopiedFile> files)
    {
        var connectors = files.SelectMany(static file => file.Connectors).ToArray();
        foreach (var topic in new[] { "brook", "river" }) await broker.CreateTopicAsync(topic, partitions: 1);
        await cluster.StartWorkersAsync(2);
        foreach (var file in files) await file.ConnectAsync(cluster);
        await cluster.UntilSharedAsync(connectors);
        await AppendAsync("two workers");

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var file in files) file.Append(LinesAtOnce);
            await cluster.KillFirstWorkerAsync();
            await cluster.UntilSharedAsync(connectors);
            await AppendAsync("one was killed");

            await cluster.StartWorkersAsync(1);
            await cluster.UntilSharedAsync(connectors);
            await AppendAsync("another came");

            foreach (var file in files) file.Append(LinesAtOnce);
            await broker.KillAsync();
            await AppendAsync("the broker was killed");
        }

        async Task AppendAsync(string stage)
        {
            foreach (var file in files) file.Append(LinesAtOnce);
            foreach (var file in files) await file.UntilCopiedAsync(cluster);
            output.WriteLine($"{stage}: {files.Sum(static file => file.Repeated)} lines have been written again by a sink");
        }
    }
}
