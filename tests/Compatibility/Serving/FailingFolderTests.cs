using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>
/// A data folder that goes away under a broker's process, on the real disk. Kafka's answers to the same are in
/// docs/internals/broker.md.
/// </summary>
public sealed class FailingFolderTests : IDisposable
{
    private const string Before = "before";
    private const string After = "after";
    private const int Partitions = 4;

    private readonly string _place = Directory.CreateTempSubdirectory("moldau-folders-").FullName;

    private string Folders => $"{Folder(0)},{Folder(1)}";

    [Fact]
    public async Task A_folder_that_goes_away_takes_its_partitions_and_no_others()
    {
        using (var broker = await BrokerProcess.StartAsync(Folders))
        {
            await CountedTopic.CreateAsync(broker, Before, Partitions);
            GoAway(1);
            // Its files are open, and live on; whoever makes one there finds out.
            await CountedTopic.CreateAsync(broker, After, Partitions);
            await UntilOfflineAsync(broker, Before, 2);
            await AssertServedAsync(broker, After);
            using var client = await broker.ConnectAsync();
            var folders = (await client.AskAsync<DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 4, new DescribeLogDirsRequest { Topics = null })).Results;
            Assert.Equal([(Folder(0), ErrorCode.None, 6), (Folder(1), ErrorCode.KafkaStorageError, 0)], folders.Select(static folder => (folder.LogDir, folder.ErrorCode, folder.Topics.Sum(static topic => topic.Partitions.Count))));
        }

        // A start without it goes on, and makes nothing anew.
        using (var broker = await BrokerProcess.StartAsync(Folders))
        {
            await UntilOfflineAsync(broker, Before, 2);
            await AssertServedAsync(broker, After);
        }

        ComeBack(1);
        using (var broker = await BrokerProcess.StartAsync(Folders))
        {
            await AssertServedAsync(broker, Before);
            await AssertServedAsync(broker, After);
        }
    }

    [Fact]
    public async Task Without_the_folder_that_has_the_metadata_there_is_no_broker()
    {
        using (var broker = await BrokerProcess.StartAsync(Folders))
        {
            await CountedTopic.CreateAsync(broker, Before, Partitions);
            GoAway(0);
            using var client = await broker.ConnectAsync();
            // Whether it is answered before the broker is gone does not matter.
            await Record.ExceptionAsync(() => client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
            {
                Topics = [new CreateTopicsRequest.Topic { Name = After, NumPartitions = Partitions, ReplicationFactor = -1 }],
            }));
            var (code, told) = await broker.EndAsync();
            Assert.Equal(1, code);
            Assert.Contains($"{Folder(0)}, which has the metadata, has failed", told, StringComparison.Ordinal);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => BrokerProcess.StartAsync(Folders));
        Assert.Contains(Folder(0), refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private string Folder(int number) => Path.Combine(_place, number == 0 ? "a" : "b");

    /// <summary>Not by its rights: whoever runs the tests may be root.</summary>
    private void GoAway(int number)
    {
        Directory.Move(Folder(number), Folder(number) + ".away");
        File.WriteAllBytes(Folder(number), []);
    }

    private void ComeBack(int number)
    {
        File.Delete(Folder(number));
        Directory.Move(Folder(number) + ".away", Folder(number));
    }

    private static async Task AssertServedAsync(BrokerProcess broker, string topic)
    {
        Assert.Equal(0, await CountOfflineAsync(broker, topic));
        foreach (var producer in Enumerable.Range(0, Partitions).Select(partition => new CountingProducer(topic, partition)))
            Assert.Null(await CountedTopic.FindLossAsync(broker, topic, [producer]));
    }

    private static async Task UntilOfflineAsync(BrokerProcess broker, string topic, int wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountOfflineAsync(broker, topic) is var count && count != wanted)
        {
            Assert.False(patience.IsCancellationRequested, $"waited 30 s for {wanted} partitions of {topic} to be offline; {count} are");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<int> CountOfflineAsync(BrokerProcess broker, string topic)
    {
        using var client = await broker.ConnectAsync();
        var described = (await client.AskAsync<MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.Topic { Name = topic }] })).Topics[0];
        return described.Partitions.Count(static partition => partition is { ErrorCode: ErrorCode.LeaderNotAvailable, LeaderId: -1, OfflineReplicas: [1] });
    }
}
