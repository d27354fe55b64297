using System.Collections.Immutable;
using System.Text;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Unit.Broker.Metadata;

/// <summary>What most tests do with a store, in one line each.</summary>
internal static class MetadataCalls
{
    public const string Folder = "data";
    public const int Node = 7;

    public static readonly IReadOnlyDictionary<string, string> NoConfigs = new Dictionary<string, string>();

    /// <summary>A store that writes on the caller's thread.</summary>
    public static LocalMetadataStore Open(IFileSystem? disk = null, FactFaults? faults = null, int snapshotAfter = 1 << 20, int kept = 4096) =>
        LocalMetadataStore.Open(disk ?? new MemoryFileSystem(), Folder, new Random(1), new FactStoreOptions
        {
            Run = static work => work(), Faults = faults, SnapshotAfter = snapshotAfter, KeptRevisions = kept,
        });

    public static async Task<LocalMetadataStore> OpenWithClusterAsync(IFileSystem? disk = null, FactFaults? faults = null, int snapshotAfter = 1 << 20, int kept = 4096)
    {
        var store = Open(disk, faults, snapshotAfter, kept);
        await store.PutAsync(MetadataKeys.Cluster, new ClusterRecord("the cluster"));
        return store;
    }

    public static Uuid Id(int number) => new(0x1000_0000_0000_0000, (ulong)number);

    public static NewTopic Topic(string name, int id, int partitions = 1, IReadOnlyDictionary<string, string>? configs = null) =>
        new(name, Id(id), [.. Enumerable.Repeat(PartitionRecord.New([Node]), partitions)], configs ?? NoConfigs);

    public static PartitionRecord Partition(int leader, int leaderEpoch, int partitionEpoch, params ImmutableArray<int> replicas) =>
        new(replicas, replicas, leader, leaderEpoch, partitionEpoch);

    public static Task<FactOutcome> PutAsync<T>(this IMetadataStore store, string key, T record)
        where T : class, IMetadataRecord => store.ApplyAsync(new FactTransaction([], [FactOperation.Put(key, RecordCodec.Encode(record))]));

    public static Task<FactOutcome> DeleteAsync(this IMetadataStore store, string key) => store.ApplyAsync(new FactTransaction([], [FactOperation.Delete(key)]));

    public static async Task<T?> FindAsync<T>(this IMetadataStore store, string key)
        where T : class, IMetadataRecord => (await store.GetAsync(key)).Entry is { } entry ? RecordCodec.Decode<T>(entry) : null;

    public static async Task<Stored<PartitionRecord>> PartitionAsync(this IMetadataStore store, Uuid topic, int number) =>
        RecordCodec.Stored<PartitionRecord>((await store.GetAsync(MetadataKeys.Partition(topic, number))).Entry!);

    /// <summary>The keys that begin so, each with its value.</summary>
    public static async Task<List<string>> ShowAsync(this IMetadataStore store, string prefix = "") =>
        [.. (await store.ListAsync(prefix)).Entries.Select(static entry => $"{entry.Key} {Encoding.UTF8.GetString(entry.Value.Span)}")];

    public static async Task<int> CountAsync(this IMetadataStore store, string prefix = "") => (await store.ListAsync(prefix)).Entries.Count;
}
