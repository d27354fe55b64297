using Moldau.Bench.Harness;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Bench.Rows;

/// <summary>The image of a hundred thousand partitions: taking a change in, being asked, being read anew.</summary>
internal static class MetadataRows
{
    private const int Partitions = 100_000;

    private static object? _last;

    public static IEnumerable<Row> All()
    {
        foreach (var (topics, name) in ((int, string)[])[(1, "of one topic"), (10_000, "in 10,000 topics")]) yield return Change(topics, name);
        yield return Find();
        yield return Read();
    }

    private static Row Change(int topics, string name)
    {
        var (image, record) = (MetadataImage.Of(Cluster(topics)), RecordCodec.Encode(PartitionRecord.New([1, 2, 3])));
        var key = MetadataKeys.Partition(Id(topics / 2), Partitions / topics / 2);
        return new Row(
            $"metadata: one partition changed {name}",
            Unit.NanosecondsPerOperation,
            new Subject(times => Apply(image, key, record, times)),
            new Subject(times => Decode(key, record, times)),
            new Goal(Value: 10_000)) { Note = "of 100,000 partitions, beside decoding the record alone" };
    }

    private static Row Find()
    {
        var range = Cluster(10_000);
        var image = MetadataImage.Of(range);
        var table = image.Topics.ToDictionary(static topic => topic.Name, static topic => topic.Partition(3)!.Record);
        var name = Name(5_000);
        return new Row(
            "metadata: a partition's leader by its topic's name",
            Unit.NanosecondsPerOperation,
            new Subject(times => Ask(image, name, times)),
            new Subject(times => Ask(table, name, times)),
            Goal.NoAllocation) { Note = "10,000 topics, beside a dictionary that nobody can change meanwhile" };
    }

    private static Row Read()
    {
        var range = Cluster(10_000);
        return new Row(
            "metadata: an image read whole",
            Unit.NanosecondsPerRecord,
            new Subject(
                times =>
                {
                    for (; times > 0; times--) _last = MetadataImage.Of(range);
                },
                Partitions),
            new Subject(
                times =>
                {
                    for (; times > 0; times--) DecodeAll(range);
                },
                Partitions),
            Goal.None) { Note = "100,000 partitions, beside decoding their records alone" };
    }

    private static MetadataRange Cluster(int topics)
    {
        var entries = new List<FactEntry> { new(MetadataKeys.Cluster, RecordCodec.Encode(new ClusterRecord("bench")), 1, 1) };
        var record = RecordCodec.Encode(PartitionRecord.New([1, 2, 3]));
        for (var topic = 0; topic < topics; topic++)
        {
            entries.Add(new FactEntry(MetadataKeys.TopicName(Name(topic)), RecordCodec.Encode(new TopicNameRecord(Id(topic), Partitions / topics)), 1, 1));
            for (var number = 0; number < Partitions / topics; number++) entries.Add(new FactEntry(MetadataKeys.Partition(Id(topic), number), record, 1, 1));
        }

        return new MetadataRange(1, entries);
    }

    private static void Apply(MetadataImage image, string key, byte[] record, int times)
    {
        for (long revision = 2; times > 0; times--, revision++)
        {
            var change = new FactChange(revision, key, new FactEntry(key, record, 1, revision));
            image = image.After(new FactChanges([change], revision)).After;
        }

        _last = image;
    }

    private static void Decode(string key, byte[] record, int times)
    {
        for (; times > 0; times--) _last = RecordCodec.Stored<PartitionRecord>(new FactEntry(key, record, 1, 1));
    }

    private static void DecodeAll(MetadataRange range)
    {
        foreach (var entry in range.Entries)
        {
            if (entry.Key.StartsWith(MetadataKeys.Partitions, StringComparison.Ordinal)) _last = RecordCodec.Stored<PartitionRecord>(entry);
        }
    }

    private static void Ask(MetadataImage image, string name, int times)
    {
        for (; times > 0; times--) _last = image.FindTopic(name)!.Value.Partition(3)!.Record;
    }

    private static void Ask(Dictionary<string, PartitionRecord> table, string name, int times)
    {
        for (; times > 0; times--) _last = table[name];
    }

    private static Uuid Id(int topic) => new((ulong)topic + 1, 7);

    private static string Name(int topic) => $"topic-{topic}";
}
