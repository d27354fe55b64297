namespace Moldau.Storage.Facts;

/// <summary>What a transaction changed, and all keys after it.</summary>
internal sealed record FactRevision(long Revision, FactImage Image, IReadOnlyList<FactChange> Changes)
{
    /// <summary>The next revision, were the transaction applied to this one; null where it would change nothing.</summary>
    public FactRevision? After(FactTransaction transaction)
    {
        var revision = Revision + 1;
        var changes = new List<FactChange>();
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in transaction.Operations)
        {
            switch (operation.Kind)
            {
                case FactOperationKind.Put:
                    var created = Image.Find(operation.Key)?.CreateRevision ?? revision;
                    changes.Add(new FactChange(revision, operation.Key, new FactEntry(operation.Key, operation.Value, created, revision)));
                    break;
                case FactOperationKind.Delete:
                    if (Image.Find(operation.Key) is not null && deleted.Add(operation.Key)) changes.Add(new FactChange(revision, operation.Key, null));
                    break;
                default:
                    foreach (var entry in Image.List(operation.Key))
                    {
                        if (deleted.Add(entry.Key)) changes.Add(new FactChange(revision, entry.Key, null));
                    }

                    break;
            }
        }

        // A watch answers in key order within a revision, whatever order the operations came in.
        changes.Sort(static (one, other) => FactKeyOrder.Instance.Compare(one.Key, other.Key));
        return changes.Count == 0 ? null : After(changes);
    }

    public FactRevision After(IReadOnlyList<FactChange> changes) => new(Revision + 1, Image.After(changes), changes);

    /// <summary>The compared keys as they are, where a condition does not hold.</summary>
    public FactOutcome.Rejected? Rejection(FactTransaction transaction)
    {
        var holds = true;
        foreach (var condition in transaction.Conditions) holds &= condition.HoldsFor(Image.Find(condition.Key));
        if (holds) return null;

        var current = new List<KeyValuePair<string, FactEntry?>>();
        foreach (var condition in transaction.Conditions) current.Add(new(condition.Key, Image.Find(condition.Key)));
        return new FactOutcome.Rejected(Revision, current);
    }
}
