using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Unit.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>Each guarantee broken on purpose: the simulation that finds nothing in the right operations finds these.</summary>
public class MetadataBreakTests
{
    private const int Seeds = 20;
    private const int Enough = 3;

    [Fact]
    public Task A_name_that_is_put_first_is_noticed() => AssertNoticedAsync("without its partition", static store => new TamperingStore(store, NameFirst));

    [Fact]
    public Task An_unknown_outcome_taken_for_success_is_noticed() =>
        AssertNoticedAsync("", static store => new TamperingStore(store, answer: async (_, outcome) =>
            outcome is FactOutcome.Unknown ? new FactOutcome.Applied((await store.GetAsync(MetadataKeys.Cluster).ConfigureAwait(false)).Revision) : outcome));

    [Fact]
    public Task Producer_ids_asked_for_again_without_a_look_are_noticed() =>
        AssertNoticedAsync("producer id", static store => new TamperingStore(store, answer: async (sent, outcome) =>
            outcome is FactOutcome.Unknown && sent.Operations[0].Key == MetadataKeys.ProducerIds
                ? await store.ApplyAsync(new FactTransaction([], sent.Operations)).ConfigureAwait(false)
                : outcome));

    [Fact]
    public Task An_image_that_goes_on_behind_a_compaction_is_noticed() =>
        AssertNoticedAsync("", static store => new TamperingStore(store) { ForgetsCompactions = true });

    [Fact]
    public Task A_partition_changed_whatever_it_is_by_now_is_noticed() =>
        AssertNoticedAsync("partition epoch", static store => new TamperingStore(store, static sent => TamperingStore.Without(sent, MetadataKeys.Partitions)));

    [Fact]
    public Task A_disk_whose_flush_does_nothing_is_noticed() => AssertNoticedAsync("after a restart", null, static disk => new LyingDisk(disk, flushesFiles: false));

    private static async Task AssertNoticedAsync(
        string fault, Func<IMetadataStore, IMetadataStore>? wrapStore, Func<IFileSystem, IFileSystem>? wrapDisk = null)
    {
        var noticed = new List<string>();
        for (var seed = 0; seed < Seeds && noticed.Count < Enough; seed++)
        {
            try
            {
                await Task.Run(new MetadataSimulation(seed, wrapStore, wrapDisk).Run, TestContext.Current.CancellationToken);
            }
            catch (Exception found) when (found is InvalidDataException or FactFileException)
            {
                noticed.Add(found.Message);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("\n", noticed));
        Assert.True(noticed.Count >= Enough, $"noticed with {noticed.Count} of {Seeds} seeds");
        Assert.Contains(noticed, message => message.Contains(fault, StringComparison.Ordinal));
    }

    private static FactTransaction NameFirst(FactTransaction transaction)
    {
        if (transaction.Operations is not [{ Kind: FactOperationKind.Put } first] || !first.Key.StartsWith(MetadataKeys.Topics, StringComparison.Ordinal))
            return TamperingStore.Without(transaction, MetadataKeys.TopicNames);
        var record = RecordCodec.Decode<TopicRecord>(new FactEntry(first.Key, first.Value, 0, 0));
        if (record.State != TopicState.Creating) return transaction;
        var name = new TopicNameRecord(new MetadataKey(first.Key, 0).Topic(), record.Partitions);
        return new FactTransaction(transaction.Conditions, [first, FactOperation.Put(MetadataKeys.TopicName(record.Name), RecordCodec.Encode(name))]);
    }
}
