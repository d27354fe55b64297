using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>The same requests to our broker and to Kafka's: the same answers, but for what is explained.</summary>
public class DifferentialTests(BrokerPair brokers, ITestOutputHelper output) : IClassFixture<BrokerPair>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static int s_barriers;

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Script.Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Both_brokers_answer_a_script_alike(string name)
    {
        KafkaJars.Require();
        using var ours = new BrokerSide("Moldau", brokers.Ours);
        using var kafkas = new BrokerSide("Kafka", brokers.Kafkas);
        ours.Save("data", brokers.OursData);
        kafkas.Save("data", brokers.KafkasData);
        await PrepareAsync(ours);
        await PrepareAsync(kafkas);

        var run = new DifferentialRun(name, ours, kafkas);
        s_barriers += 10_000;
        await run.RunAsync(Script.Read(name), s_barriers);

        var known = new KnownDifferences();
        var unexplained = run.Found.Where(found => !known.Explains(found)).ToList();
        output.WriteLine($"{run.Requests} requests, {run.Found.Count} fields differ, {run.Found.Count - unexplained.Count} of them explained; {TestSeed.Text}");
        var faults = Difference.Lines(unexplained).Concat(known.Stale(name).Select(row => "no longer a difference: " + row)).ToList();
        if (faults.Count > 0) Assert.Fail(string.Join('\n', faults));
    }

    private static async Task PrepareAsync(BrokerSide side)
    {
        await side.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = DifferentialRun.BarrierTopic, NumPartitions = 1, ReplicationFactor = 1 }],
        });
        // Kafka takes a first block of producer ids in the background.
        var since = TimeProvider.System.GetTimestamp();
        while ((await side.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 1000 })).ErrorCode != ErrorCode.None)
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {side.Name} to give producer ids");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // It makes the groups' topic in the background too, and loads what it made.
        while (!await HasGroupsAsync(side))
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {side.Name} to coordinate groups");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> HasGroupsAsync(BrokerSide side)
    {
        var found = await side.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 0, CoordinatorKeys = ["the-group"] });
        if (found.Coordinators[0].ErrorCode != ErrorCode.None) return false;
        // All shards answer, or none.
        return (await side.AskAsync<ListGroupsResponse>(ApiKey.ListGroups, 4, new ListGroupsRequest())).ErrorCode == ErrorCode.None
            && (await side.AskAsync<OffsetFetchResponse>(ApiKey.OffsetFetch, 8, new OffsetFetchRequest { Groups = [new() { GroupId = "the-group", Topics = [] }] })).Groups[0].ErrorCode == ErrorCode.None;
    }
}
