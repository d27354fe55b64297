using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;
using Moldau.Unit.Broker.Metadata.Simulation;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Operations;

public class AlterRecordTests
{
    [Fact]
    public async Task Settings_are_set_altered_and_deleted()
    {
        await using var store = MetadataCalls.Open();
        var configs = new AlterConfigs(store);

        Assert.Equal(1, await configs.RunAsync(ConfigResource.AllNodes, Set("a", "1")));
        Assert.Equal(2, await configs.RunAsync(ConfigResource.AllNodes, Set("b", "2")));
        Assert.Equal("""{"v":1,"values":{"a":"1","b":"2"}}""", Assert.Single(await store.ShowAsync(MetadataKeys.ConfigOfAllNodes))[13..]);
        Assert.Equal(2, await configs.RunAsync(ConfigResource.AllNodes, Set("b", "2")));
        Assert.Equal(3, await configs.RunAsync(ConfigResource.AllNodes, static _ => MetadataCalls.NoConfigs));
        Assert.Empty(await store.ShowAsync(MetadataKeys.Configs));
        Assert.Equal(3, await configs.RunAsync(ConfigResource.AllNodes, static _ => MetadataCalls.NoConfigs));
    }

    [Fact]
    public async Task A_topics_settings_need_the_topic()
    {
        await using var store = MetadataCalls.Open();
        var (configs, resource) = (new AlterConfigs(store), ConfigResource.Topic("orders"));

        Assert.Null(await configs.RunAsync(resource, Set("a", "1")));
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1));
        Assert.Equal(3, await configs.RunAsync(resource, Set("a", "1")));
        Assert.Equal(4, await new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(1)));
        Assert.Empty(await store.ShowAsync(MetadataKeys.Configs));
    }

    [Fact]
    public async Task Settings_of_a_topic_that_is_created_anew_meanwhile_are_not_the_new_ones()
    {
        await using var store = MetadataCalls.Open();
        await new CreateTopic(store).RunAsync(MetadataCalls.Topic("orders", 1));
        var asked = 0;

        Assert.Null(await new AlterConfigs(store).RunAsync(ConfigResource.Topic("orders"), before =>
        {
            // On the store's own thread, as all here.
            if (asked++ == 0) Assert.True(new DeleteTopic(store).RunAsync("orders", MetadataCalls.Id(1)).IsCompletedSuccessfully);
            return Set("a", "1")(before);
        }));
        Assert.Equal(1, asked);
        Assert.Empty(await store.ShowAsync(MetadataKeys.Configs));
    }

    [Fact]
    public async Task Another_alteration_in_between_is_altered_further()
    {
        await using var store = MetadataCalls.Open();
        var configs = new AlterConfigs(store);
        var asked = 0;

        await configs.RunAsync(ConfigResource.AllNodes, before =>
        {
            if (asked++ < 2) Assert.True(configs.RunAsync(ConfigResource.AllNodes, Set($"other{asked}", "1")).IsCompletedSuccessfully);
            return Set("mine", "1")(before);
        });

        Assert.Equal(3, asked);
        Assert.Equal(["mine", "other1", "other2"], (await store.FindAsync<ConfigRecord>(MetadataKeys.ConfigOfAllNodes))!.Values.Keys);
    }

    /// <summary>The break: one that compares nothing but that the record is missing finds it missing again.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task One_that_comes_late_does_not_bring_back_what_was_deleted(bool isBroken, int broughtBack)
    {
        FactTransaction? late = null;
        await using var store = MetadataCalls.Open(faults: new FactFaults
        {
            Outcome = transaction =>
            {
                if (late is not null) return InjectedOutcome.None;
                late = transaction;
                return InjectedOutcome.UnknownLost;
            },
        });
        await using var broken = new TamperingStore(store, static sent => TamperingStore.Without(sent, MetadataKeys.LatestAddition));
        var configs = new AlterConfigs(isBroken ? broken : store);
        await configs.RunAsync(ConfigResource.Group("g"), Set("a", "1"));
        await configs.RunAsync(ConfigResource.Group("g"), static _ => MetadataCalls.NoConfigs);

        await store.ApplyAsync(late!);

        Assert.Equal(broughtBack, await store.CountAsync(MetadataKeys.Configs));
    }

    [Fact]
    public async Task One_that_was_in_doubt_and_altered_further_is_said_to_be_unknown()
    {
        LocalMetadataStore? store = null;
        var count = 0;
        store = MetadataCalls.Open(faults: new FactFaults { Outcome = _ => ++count == 1 ? InjectedOutcome.UnknownLost : InjectedOutcome.None });
        var asked = new InterferingStore(store, beforeGet: key =>
        {
            if (key == MetadataKeys.ConfigOfAllNodes && count == 1) _ = store.PutAsync(key, new ConfigRecord(new Dictionary<string, string> { ["b"] = "2" }));
        });

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => new AlterConfigs(asked).RunAsync(ConfigResource.AllNodes, Set("a", "1")));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task What_the_alteration_throws_is_passed_on_and_nothing_is_changed()
    {
        await using var store = MetadataCalls.Open();
        await Assert.ThrowsAsync<FormatException>(() => new AlterConfigs(store).RunAsync(ConfigResource.AllNodes, static _ => throw new FormatException("not a number")));
        Assert.Equal(0, store.Revision);
    }

    private static Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> Set(string name, string value) =>
        before => new Dictionary<string, string>(before) { [name] = value };
}
