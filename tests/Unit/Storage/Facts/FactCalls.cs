using System.Text;
using Moldau.Storage.Facts;
using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Facts;

/// <summary>What most tests do with a store, in one line each.</summary>
internal static class FactCalls
{
    public const string Folder = "data";

    public static FactStore Open(IFileSystem disk, FactFaults? faults = null, int snapshotAfter = 1 << 20, int kept = 4096, Action<Action>? run = null) =>
        FactStore.Open(disk, Folder, new Random(1), new FactStoreOptions
        {
            Run = run ?? (static work => work()), Faults = faults, SnapshotAfter = snapshotAfter, KeptRevisions = kept,
        });

    public static FactOperation Put(string key, string value) => FactOperation.Put(key, Encoding.UTF8.GetBytes(value));

    public static Task<FactOutcome> PutAsync(this FactStore store, string key, string value) => store.DoAsync(Put(key, value));

    public static Task<FactOutcome> DoAsync(this FactStore store, params FactOperation[] operations) => store.ApplyAsync(new FactTransaction([], operations));

    public static Task<FactOutcome> DoIfAsync(this FactStore store, FactCondition condition, params FactOperation[] operations) =>
        store.ApplyAsync(new FactTransaction([condition], operations));

    public static string? Text(this FactView view, string key) => view.Find(key) is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;

    public static string Show(FactView view) => string.Join(" ", view.List("").Select(entry =>
        $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}@{entry.CreateRevision}/{entry.ModRevision}"));

    public static string Show(FactChanges changes) => string.Join(" ", changes.Changes.Select(change =>
        change.Entry is null ? $"-{change.Key}@{change.Revision}" : $"{change.Key}={Encoding.UTF8.GetString(change.Entry.Value.Span)}@{change.Revision}"));
}
