using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Storage.Files.Memory;
using Moldau.Unit.Broker.Metadata.Records;
using Xunit;

namespace Moldau.Unit.Broker.Metadata;

public class MetadataImportTests
{
    [Fact]
    public async Task A_folder_imports_an_export_with_its_revisions()
    {
        await using var store = await FilledAsync();
        await store.DeleteAsync(MetadataKeys.Features);
        var disk = new MemoryFileSystem();

        LocalMetadataStore.Import(disk, MetadataCalls.Folder, new Random(2), await ExportAsync(store, revision: store.Revision - 1));

        await using var imported = MetadataCalls.Open(disk.AfterCrash(new Random(1)));
        Assert.Equal(store.Revision - 1, imported.Revision);
        Assert.Equal((await store.ListAsync("", store.Revision - 1)).Entries.Select(Line), (await imported.ListAsync("")).Entries.Select(Line));
    }

    [Fact]
    public async Task Another_store_imports_everything_but_the_nodes()
    {
        await using var store = await FilledAsync();
        await using var other = MetadataCalls.Open();

        await new MetadataImport(other).RunAsync(await ExportAsync(store));

        Assert.Equal((await store.ShowAsync()).Where(static line => !line.StartsWith("node/", StringComparison.Ordinal)), await other.ShowAsync());
        var latest = (await other.GetAsync(MetadataKeys.Cluster)).Entry!.ModRevision;
        Assert.Equal(other.Revision, latest);
    }

    [Fact]
    public async Task An_import_that_was_interrupted_anywhere_ends_when_run_again_and_passes_for_whole_only_then()
    {
        await using var store = await FilledAsync();
        var export = await ExportAsync(store);
        await using var whole = MetadataCalls.Open();
        await new MetadataImport(whole).RunAsync(export);
        Assert.True(whole.Revision > 3);

        for (var steps = 0; steps < whole.Revision; steps++)
        {
            var left = steps;
            await using var other = MetadataCalls.Open(faults: new FactFaults
            {
                Outcome = _ => left-- > 0 ? InjectedOutcome.UnknownApplied : left > -20 ? InjectedOutcome.UnknownLost : InjectedOutcome.None,
            });
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => new MetadataImport(other).RunAsync(export));
            Assert.Equal(steps, other.Revision);
            if (steps > 0)
            {
                var refused = await Assert.ThrowsAsync<MetadataRecordException>(() => Moldau.Broker.Metadata.Image.MetadataFollower.StartAsync(other));
                Assert.Contains("run it again", refused.Message, StringComparison.Ordinal);
            }

            left = -100;
            await new MetadataImport(other).RunAsync(export);
            await new MetadataImport(other).RunAsync(export);
            Assert.Equal(await whole.ShowAsync(), await other.ShowAsync());
        }
    }

    [Theory]
    [InlineData("group-of-somebody", false)]
    [InlineData(MetadataKeys.Features, true)]
    public async Task A_store_that_holds_something_else_is_left_alone(string key, bool isAlsoInTheExport)
    {
        await using var store = await FilledAsync();
        await using var other = MetadataCalls.Open();
        await other.PutAsync(key, new ClusterRecord("foreign"));

        var refused = await Assert.ThrowsAsync<FactRefusedException>(async () => await new MetadataImport(other).RunAsync(await ExportAsync(store)));

        Assert.Equal(FactRefusal.NotEmpty, refused.Refusal);
        Assert.Contains($"'{key}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, other.Revision);
        Assert.Equal(isAlsoInTheExport, (await store.GetAsync(key)).Entry is not null);
    }

    [Fact]
    public async Task What_is_no_clusters_metadata_is_refused()
    {
        await using var store = MetadataCalls.Open();
        await store.PutAsync("features", new FeaturesRecord(1, new Dictionary<string, short>()));
        await using var other = MetadataCalls.Open();

        var refused = await Assert.ThrowsAsync<FactRefusedException>(async () => await new MetadataImport(other).RunAsync(await ExportAsync(store)));
        Assert.Contains("not the metadata of a cluster", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<LocalMetadataStore> FilledAsync()
    {
        var store = MetadataCalls.Open();
        foreach (var (key, value) in SampleRecords.All) await store.ApplyAsync(new FactTransaction([], [FactOperation.Put(key, value)]));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("large", 1, partitions: 250));
        return store;
    }

    private static async Task<FactExport> ExportAsync(LocalMetadataStore store, long? revision = null)
    {
        using var stream = new MemoryStream();
        Assert.Equal(revision ?? store.Revision, await MetadataExport.WriteAsync(store, stream, revision));
        stream.Position = 0;
        return FactExport.Read(stream, "export");
    }

    private static string Line(FactEntry entry) => $"{entry.Key}@{entry.CreateRevision}/{entry.ModRevision} {Convert.ToHexString(entry.Value.Span)}";
}
