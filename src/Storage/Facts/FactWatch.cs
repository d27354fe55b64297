namespace Moldau.Storage.Facts;

/// <summary>
/// Every change to the keys of a prefix after a revision, in order, each once. It is pulled, so that a slow reader holds
/// nothing but its position; one reader at a time.
/// </summary>
public sealed class FactWatch
{
    private readonly FactStore _store;
    private readonly string _prefix;

    internal FactWatch(FactStore store, string prefix, long afterRevision)
    {
        _store = store;
        _prefix = prefix;
        Position = afterRevision;
    }

    /// <summary>The revision up to which everything was read.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// The next changes: whole revisions, as many as fit the limit but at least one. None are an empty list with, perhaps,
    /// a later position.
    /// </summary>
    /// <exception cref="FactCompactedException">Changes that were not read yet are no longer kept.</exception>
    public FactChanges Read(int limit)
    {
        var history = _store.HistoryFor(Position);
        var found = new List<FactChange>();
        var through = Position;
        while (through < history.Latest.Revision)
        {
            var before = found.Count;
            foreach (var change in history.At(through + 1).Changes)
            {
                if (change.Key.StartsWith(_prefix, StringComparison.Ordinal)) found.Add(change);
            }

            if (before > 0 && found.Count > before && found.Count > limit)
            {
                found.RemoveRange(before, found.Count - before);
                break;
            }

            through++;
        }

        Position = through;
        return new FactChanges(found, through);
    }

    /// <summary>Completes when there is something after the position; it may be of another prefix.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _store.WaitForMoreAsync(Position, cancellation);
}
