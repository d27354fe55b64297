using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>
/// Sees every revision of the store, over crashes too, and says which could not be: a topic that is not whole, an epoch that
/// jumps, a block of ids that comes twice, something durable that is gone.
/// </summary>
internal sealed class StoreWitness
{
    private readonly SortedDictionary<string, FactEntry> _content = new(StringComparer.Ordinal);
    private readonly List<FactChange> _history = [];
    private readonly List<TopicLife> _lives = [];
    private readonly HashSet<Uuid> _named = [];
    private readonly Dictionary<string, int> _settingsSeen = [];

    public long Revision { get; private set; }

    public int RaisedSinceOpened { get; private set; }

    /// <summary>Topics whose creators were told that they will not be.</summary>
    public HashSet<Uuid> NeverBorn { get; } = [];

    public IEnumerable<TopicLife> Living => _lives.Where(static life => life.To == long.MaxValue);

    public static void Require(bool holds, string fault)
    {
        if (!holds) throw new InvalidDataException(fault);
    }

    /// <summary>The store as it was found at a start: it has everything that was seen.</summary>
    public void TakeOpened(LocalMetadataStore store)
    {
        Require(store.Revision >= Revision, $"revision {store.Revision} after a restart, {Revision} had been there");
        Observe(store);
        RaisedSinceOpened = 0;
        var found = store.ListAsync("").Result.Entries;
        Require(found.Select(Show).SequenceEqual(_content.Values.Select(Show)), "after a restart the store holds something else");
    }

    /// <summary>Takes in what is new.</summary>
    public void Observe(LocalMetadataStore store)
    {
        if (store.Revision == Revision) return;
        var watch = store.WatchAsync("", Revision, CancellationToken.None).GetAsyncEnumerator();
        Require(watch.MoveNextAsync().AsTask().Result, "no changes");
        foreach (var revision in watch.Current.Changes.GroupBy(static change => change.Revision)) Take(revision.Key, [.. revision]);
        Require(watch.Current.Through == store.Revision, $"a watch ends at {watch.Current.Through}, the store is at {store.Revision}");
        Revision = store.Revision;
    }

    public TopicLife? Life(Uuid id) => _lives.Find(life => life.Id == id);

    public IEnumerable<TopicLife> LivesOf(string name) => _lives.Where(life => life.Name == name);

    public byte[]? ValueAt(string key, long revision) =>
        _history.FindLast(change => change.Key == key && change.Revision <= revision)?.Entry?.Value.ToArray();

    public int TimesSeen(string setting) => _settingsSeen.GetValueOrDefault(setting);

    public bool HasGiven(ProducerIdBlock block) => _history.Exists(change =>
        change.Key == MetadataKeys.ProducerIds && RecordCodec.Decode<ProducerIdsRecord>(change.Entry!).Next == block.First + block.Count);

    /// <summary>Leader epochs by key, of partitions that a node leads.</summary>
    public Dictionary<string, int> LedBy(int node) => Partitions()
        .Where(partition => partition.Record.Leader == node).ToDictionary(static partition => partition.Key, static partition => partition.Record.LeaderEpoch);

    public int? LeaderEpoch(string key) => _content.TryGetValue(key, out var entry) ? RecordCodec.Decode<PartitionRecord>(entry).LeaderEpoch : null;

    /// <summary>After a start's cleaning, before anything new is begun.</summary>
    public void RequireNothingUnborn()
    {
        foreach (var (key, entry) in _content)
        {
            var found = new MetadataKey(key, Revision);
            if (found.Kind() == MetadataKind.Partition) Require(_named.Contains(found.Partition().Topic), $"{key} is left of a topic that is not there");
            if (found.Kind() == MetadataKind.Topic) Require(RecordCodec.Decode<TopicRecord>(entry).State == TopicState.Created, $"{key} is left");
        }
    }

    private static string Show(FactEntry entry) => $"{entry.Key}@{entry.CreateRevision}/{entry.ModRevision} {Convert.ToHexString(entry.Value.Span)}";

    private IEnumerable<(string Key, PartitionRecord Record)> Partitions() =>
        from entry in _content where entry.Key.StartsWith(MetadataKeys.Partitions, StringComparison.Ordinal) select (entry.Key, RecordCodec.Decode<PartitionRecord>(entry.Value));

    private void Take(long revision, List<FactChange> changes)
    {
        foreach (var change in changes)
        {
            var key = new MetadataKey(change.Key, revision);
            var before = _content.GetValueOrDefault(change.Key);
            switch (key.Kind())
            {
                case MetadataKind.Partition: CheckPartition(change, before); break;
                case MetadataKind.ProducerIds: CheckProducerIds(change, before); break;
                case MetadataKind.Config: CountSettings(change, before); break;
            }

            _history.Add(change);
            if (change.Entry is null) _content.Remove(change.Key);
            else _content[change.Key] = change.Entry;
        }

        // Names first: whether there is one is what the rest is held against.
        foreach (var change in changes)
        {
            var key = new MetadataKey(change.Key, revision);
            if (key.Kind() == MetadataKind.TopicName) TakeName(key.TopicName(), change);
        }

        foreach (var change in changes) CheckTopic(change);
    }

    private void CheckPartition(FactChange change, FactEntry? before)
    {
        if (change.Entry is null) return;
        var record = RecordCodec.Decode<PartitionRecord>(change.Entry);
        if (before is null)
        {
            Require(record.PartitionEpoch == 0, $"{change.Key} begins with partition epoch {record.PartitionEpoch}");
            return;
        }

        var old = RecordCodec.Decode<PartitionRecord>(before);
        Require(record.PartitionEpoch == old.PartitionEpoch + 1, $"{change.Key} goes from partition epoch {old.PartitionEpoch} to {record.PartitionEpoch}");
        Require(record.LeaderEpoch >= old.LeaderEpoch, $"{change.Key} goes from leader epoch {old.LeaderEpoch} to {record.LeaderEpoch}");
        if (record.LeaderEpoch > old.LeaderEpoch && record.Leader == old.Leader) RaisedSinceOpened++;
    }

    private static void CheckProducerIds(FactChange change, FactEntry? before)
    {
        var next = RecordCodec.Decode<ProducerIdsRecord>(change.Entry!).Next;
        var old = before is null ? 0 : RecordCodec.Decode<ProducerIdsRecord>(before).Next;
        Require(next == old + ProducerIdBlock.Size, $"the next producer id goes from {old} to {next}");
    }

    /// <summary>Values are drawn for one alteration each: how often one comes is how often that was applied.</summary>
    private void CountSettings(FactChange change, FactEntry? before)
    {
        var old = before is null ? MetadataCalls.NoConfigs : RecordCodec.Decode<ConfigRecord>(before).Values;
        foreach (var (name, value) in change.Entry is null ? MetadataCalls.NoConfigs : RecordCodec.Decode<ConfigRecord>(change.Entry).Values)
        {
            if (old.GetValueOrDefault(name) == value) continue;
            _settingsSeen[value] = _settingsSeen.GetValueOrDefault(value) + 1;
            Require(_settingsSeen[value] == 1, $"{change.Key} has {name}={value} for the {_settingsSeen[value]}th time");
        }
    }

    private void CheckTopic(FactChange change)
    {
        var key = new MetadataKey(change.Key, change.Revision);
        switch (key.Kind())
        {
            case MetadataKind.Partition when change.Entry is null:
                Require(!_named.Contains(key.Partition().Topic), $"{change.Key} is deleted while its topic is there");
                break;
            case MetadataKind.Partition:
                var (topic, number) = key.Partition();
                Require(!_named.Contains(topic) || number < Life(topic)!.Partitions, $"{change.Key} is more than its topic has");
                break;
            case MetadataKind.Topic:
                var isCreated = change.Entry is { } entry && RecordCodec.Decode<TopicRecord>(entry).State == TopicState.Created;
                Require(isCreated == _named.Contains(key.Topic()), $"{change.Key} says {(isCreated ? "created" : "not created")}, its name says otherwise");
                break;
            case MetadataKind.Config when key.Config() is { Scope: ConfigScope.Topic } config && change.Entry is not null:
                Require(_content.ContainsKey(MetadataKeys.TopicName(config.Name)), $"{change.Key} has no topic");
                break;
        }
    }

    private void TakeName(string name, FactChange change)
    {
        if (_lives.Find(life => life.Name == name && life.To == long.MaxValue) is { } old)
        {
            Require(change.Entry is null, $"the name '{name}' goes from one topic to another");
            old.To = change.Revision;
            _named.Remove(old.Id);
            Require(!_content.ContainsKey(MetadataKeys.Config(ConfigResource.Topic(name))), $"settings are left of '{name}'");
            return;
        }

        var record = RecordCodec.Decode<TopicNameRecord>(change.Entry!);
        Require(!NeverBorn.Contains(record.Id), $"'{name}' with the id {record.Id} is there, though it was told that it will not be");
        Require(Life(record.Id) is null, $"'{name}' with the id {record.Id} comes a second time");
        for (var number = 0; number < record.Partitions; number++)
            Require(_content.ContainsKey(MetadataKeys.Partition(record.Id, number)), $"'{name}' is there without its partition {number} of {record.Partitions}");
        Require(_content.ContainsKey(MetadataKeys.Topic(record.Id)), $"'{name}' is there without its record");
        _lives.Add(new TopicLife(name, record.Id, record.Partitions, change.Revision));
        _named.Add(record.Id);
    }
}
