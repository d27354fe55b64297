using System.Collections.Immutable;

namespace Moldau.Storage.Facts;

/// <summary>All keys as of one revision. Never changed: a change makes another that shares what is the same.</summary>
internal sealed class FactImage
{
    private static readonly IComparer<FactEntry> ByKey =
        Comparer<FactEntry>.Create(static (one, other) => FactKeyOrder.Instance.Compare(one.Key, other.Key));

    private readonly ImmutableSortedSet<FactEntry> _entries;

    private FactImage(ImmutableSortedSet<FactEntry> entries) => _entries = entries;

    public static FactImage Empty { get; } = new(ImmutableSortedSet.Create(ByKey));

    public IReadOnlyCollection<FactEntry> Entries => _entries;

    public static FactImage Of(IEnumerable<FactEntry> entries) => new(ImmutableSortedSet.CreateRange(ByKey, entries));

    public FactEntry? Find(string key) => _entries.TryGetValue(Probe(key), out var found) ? found : null;

    public List<FactEntry> List(string prefix)
    {
        var found = new List<FactEntry>();
        var index = prefix.Length == 0 ? 0 : _entries.IndexOf(Probe(prefix));
        for (index = index < 0 ? ~index : index; index < _entries.Count; index++)
        {
            var entry = _entries[index];
            if (!entry.Key.StartsWith(prefix, StringComparison.Ordinal)) break;
            found.Add(entry);
        }

        return found;
    }

    public FactImage After(IReadOnlyList<FactChange> changes)
    {
        var entries = _entries.ToBuilder();
        foreach (var change in changes)
        {
            entries.Remove(Probe(change.Key));
            if (change.Entry is not null) entries.Add(change.Entry);
        }

        return new FactImage(entries.ToImmutable());
    }

    private static FactEntry Probe(string key) => new(key, default, 0, 0);
}
