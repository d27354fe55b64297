using System.Collections.Immutable;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>Somebody who does one random thing after the other, and holds what it is told against what was seen.</summary>
internal sealed class SimulatedCaller(IMetadataStore store, MetadataFollower follower, Func<long> revision, SimulationRecord record, Random chance)
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private readonly StoreWitness _witness = record.Witness;

    public async Task RunAsync(int operations)
    {
        for (; operations > 0; operations--)
        {
            try
            {
                await (chance.Next(16) switch
                {
                    < 4 => CreateAsync(),
                    < 6 => DeleteAsync(),
                    < 10 => ChangeAsync(),
                    < 13 => AlterAsync(),
                    < 15 => AllocateAsync(),
                    _ => RemoveUnbornAsync(),
                }).ConfigureAwait(false);
            }
            catch (FactRefusedException refused)
            {
                record.Note(refused.Refusal.ToString());
            }
            catch (OutcomeUnknownException)
            {
                record.Note("unknown");
            }
        }
    }

    private async Task CreateAsync()
    {
        var (name, id) = (Names[chance.Next(Names.Length)], record.Ids.Next());
        var partition = chance.Next(3) == 0 ? MetadataCalls.Partition(8, 0, 0, 8, 7) : MetadataCalls.Partition(7, 0, 0, 7, 8);
        var count = chance.Next(8) == 0 ? chance.Next(90, 260) : chance.Next(1, 4);
        var setting = record.NextSetting();
        var topic = new NewTopic(
            name, id, [.. Enumerable.Repeat(partition, count)], chance.Next(2) == 0 ? MetadataCalls.NoConfigs : new Dictionary<string, string> { ["0"] = setting });
        var start = revision();
        TopicCreation result;
        try
        {
            result = await new CreateTopic(store).RunAsync(topic).ConfigureAwait(false);
        }
        catch (FactRefusedException)
        {
            NeverBorn(id);
            throw;
        }

        record.Note(result.GetType().Name);
        switch (result)
        {
            case TopicCreation.Created created:
                var life = _witness.Life(id);
                Require(life is not null && life.From <= created.Revision && life.Name == name && life.Partitions == count, $"{name} {id} was told as created and is not as asked");
                Require(topic.Configs.Count == 0 || _witness.TimesSeen(setting) == 1, $"{name} {id} was created without its settings");
                break;
            case TopicCreation.NameTaken taken:
                Require(_witness.Life(taken.ById)?.WasThere(start, revision()) == true, $"{name} is not taken by {taken.ById}");
                NeverBorn(id);
                break;
            default:
                NeverBorn(id);
                break;
        }
    }

    private async Task DeleteAsync()
    {
        if (AnyTopic() is not { } topic) return;
        var start = revision();
        var deleted = await new DeleteTopic(store).RunAsync(topic.Name, topic.Id).ConfigureAwait(false);
        var life = _witness.Life(topic.Id)!;
        record.Note(deleted is null ? "not found" : "deleted");
        Require(deleted is null ? !life.WasThereThroughout(start, revision()) : life.To <= deleted, $"{topic.Name} {topic.Id} was told as {(deleted is null ? "missing" : "deleted")}");
        if (deleted is not null && chance.Next(4) > 0) await new TopicRemains(store).RemoveAsync(topic.Id).ConfigureAwait(false);
    }

    private async Task ChangeAsync()
    {
        if (AnyTopic() is not { } topic) return;
        var number = chance.Next(topic.PartitionCount);
        var from = topic.Partition(number)!;
        var proposal = chance.Next(2) == 0
            ? from.Record with { Leader = 15 - from.Record.Leader, LeaderEpoch = from.Record.LeaderEpoch + 1, Isr = from.Record.Replicas }
            : from.Record with { Isr = from.Record.Isr.Length == 1 ? from.Record.Replicas : [from.Record.Leader] };
        var result = await new ChangePartition(store).RunAsync(topic.Id, number, from, proposal).ConfigureAwait(false);
        record.Note(result.GetType().Name);
        if (result is PartitionChange.Overtaken overtaken)
        {
            Require(overtaken.Current?.Revision != from.Revision, "a change is told as overtaken by the state it was made for");
            return;
        }

        var state = ((PartitionChange.Changed)result).State;
        var there = _witness.ValueAt(MetadataKeys.Partition(topic.Id, number), state.Revision);
        Require(there is not null && there.AsSpan().SequenceEqual(RecordCodec.Encode(state.Record)), $"{topic.Name}-{number} was told as changed at {state.Revision} and is not so");
    }

    private async Task AlterAsync()
    {
        var resource = chance.Next(4) switch
        {
            0 => ConfigResource.AllNodes,
            1 => ConfigResource.Group("g"),
            _ => ConfigResource.Topic(Names[chance.Next(Names.Length)]),
        };
        var (name, value) = ($"{chance.Next(2)}", chance.Next(3) == 0 ? null : record.NextSetting());
        var start = revision();
        long? altered;
        try
        {
            altered = await new AlterConfigs(store).RunAsync(resource, before => Altered(before, name, value)).ConfigureAwait(false);
        }
        catch (FactRefusedException) when (value is not null)
        {
            Require(_witness.TimesSeen(value) == 0, "settings were told as refused and are set");
            throw;
        }

        record.Note(altered is null ? "no such topic" : "altered");
        if (altered is null) Require(!_witness.LivesOf(resource.Name).Any(life => life.WasThereThroughout(start, revision())), $"{resource.Name} was told as missing");
        if (altered is not { } at || value is null) return;
        var there = _witness.ValueAt(MetadataKeys.Config(resource), at);
        Require(there is not null && System.Text.Encoding.UTF8.GetString(there).Contains($"\"{value}\"", StringComparison.Ordinal), $"{resource} was told as altered at {at} and is not so");
    }

    private async Task AllocateAsync()
    {
        var block = await new AllocateProducerIds(store, record.Ids).RunAsync(MetadataCalls.Node).ConfigureAwait(false);
        record.Note("block");
        Require(record.Blocks.Add(block.First), $"the block {block.First} is given a second time");
        Require(_witness.HasGiven(block), $"the block {block.First} was never taken from the store");
    }

    private async Task RemoveUnbornAsync() => record.Note($"removed {Math.Min(await new RemoveUnbornTopics(store).RunAsync().ConfigureAwait(false), 1)}");

    private TopicImage? AnyTopic()
    {
        var topics = follower.Current.Topics.OrderBy(static topic => topic.Name, StringComparer.Ordinal).ToList();
        return topics.Count == 0 ? null : topics[chance.Next(topics.Count)];
    }

    private void NeverBorn(Uuid id)
    {
        Require(_witness.Life(id) is null, $"{id} was told as not created and was there");
        _witness.NeverBorn.Add(id);
    }

    private static Dictionary<string, string> Altered(IReadOnlyDictionary<string, string> before, string name, string? value)
    {
        var after = new Dictionary<string, string>(before);
        if (value is null) after.Remove(name);
        else after[name] = value;
        return after;
    }

    private static void Require(bool holds, string fault) => StoreWitness.Require(holds, fault);
}
