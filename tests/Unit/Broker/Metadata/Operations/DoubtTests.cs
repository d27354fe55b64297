using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

/// <summary>Each operation with every pattern of unknown outcomes over its first transactions: it ends as if all were told.</summary>
public class DoubtTests
{
    private const int Length = 5;

    private static readonly Dictionary<string, Func<IMetadataStore, Task<string>>> Operations = new()
    {
        ["create"] = static async store => (await new CreateTopic(store).RunAsync(MetadataCalls.Topic("new", 2))).GetType().Name,
        ["create a large one"] = static async store => (await new CreateTopic(store).RunAsync(MetadataCalls.Topic("new", 2, 120))).GetType().Name,
        ["create with a name that is taken"] = static async store => (await new CreateTopic(store).RunAsync(MetadataCalls.Topic("old", 2, 120))).GetType().Name,
        ["delete"] = static async store => (await new DeleteTopic(store).RunAsync("old", MetadataCalls.Id(1)) is not null).ToString(),
        ["remove"] = static async store =>
        {
            await new DeleteTopic(store).RunAsync("old", MetadataCalls.Id(1));
            return $"{await new RemoveUnbornTopics(store).RunAsync()}";
        },
        ["change"] = static async store =>
        {
            var from = await store.PartitionAsync(MetadataCalls.Id(1), 3);
            return (await new ChangePartition(store).RunAsync(MetadataCalls.Id(1), 3, from, from.Record with { LeaderEpoch = 5 })).GetType().Name;
        },
        ["raise"] = static async store => $"{await new RaiseLeaderEpochs(store).RunAsync(7, isUnclean: true)}",
        ["set"] = static async store => (await new AlterConfigs(store).RunAsync(ConfigResource.Topic("old"), static _ => new Dictionary<string, string> { ["a"] = "1" }) is not null).ToString(),
        ["unset"] = static async store => (await new AlterConfigs(store).RunAsync(ConfigResource.AllNodes, static _ => MetadataCalls.NoConfigs) is not null).ToString(),
        ["allocate"] = static async store => (await new AllocateProducerIds(store, new UuidSource(new Random(1))).RunAsync(7)).ToString(),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_operation_ends_as_if_it_were_told(string name)
    {
        var (expectedAnswer, expected) = await RunAsync(name, static _ => InjectedOutcome.None);
        var patterns = (int)Math.Pow(3, Length);
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            var rest = pattern;
            var (answer, content) = await RunAsync(name, _ =>
            {
                var outcome = (InjectedOutcome)(rest % 3);
                rest /= 3;
                return outcome;
            });
            Assert.Equal((pattern, expectedAnswer), (pattern, answer));
            Assert.Equal(expected, content);
        }
    }

    private static async Task<(string Answer, List<string> Content)> RunAsync(string name, Func<FactTransaction, InjectedOutcome> outcome)
    {
        var isReady = false;
        await using var store = MetadataCalls.Open(faults: new FactFaults { Outcome = transaction => isReady ? outcome(transaction) : InjectedOutcome.None });
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("old", 1, 4));
        await new AlterConfigs(store).RunAsync(ConfigResource.AllNodes, static _ => new Dictionary<string, string> { ["a"] = "1" });
        isReady = true;
        var answer = await Operations[name](store);
        isReady = false;
        return (answer, await store.ShowAsync());
    }
}
