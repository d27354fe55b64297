using System.Text;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Storage.Facts;

/// <summary>A store as a reader of its description would write it down: one dictionary a revision.</summary>
internal sealed record ModelState(long Revision, SortedDictionary<string, (string Value, long Create, long Mod)> Keys)
{
    public static ModelState Empty { get; } = new(0, new(StringComparer.Ordinal));

    public bool Accepts(FactTransaction transaction) => transaction.Conditions.All(condition =>
    {
        var known = Keys.TryGetValue(condition.Key, out var entry);
        return condition.Kind switch
        {
            FactConditionKind.Exists => known,
            FactConditionKind.Missing => !known,
            FactConditionKind.ModRevision => (known ? entry.Mod : 0) == condition.Revision,
            _ => (known ? entry.Create : 0) == condition.Revision,
        };
    });

    /// <summary>The state after the transaction; itself where its conditions do not hold or it changes nothing.</summary>
    public ModelState After(FactTransaction transaction)
    {
        if (!Accepts(transaction)) return this;
        var next = new SortedDictionary<string, (string Value, long Create, long Mod)>(Keys, StringComparer.Ordinal);
        var changed = false;
        foreach (var operation in transaction.Operations)
        {
            if (operation.Kind == FactOperationKind.Put)
            {
                var create = Keys.TryGetValue(operation.Key, out var before) ? before.Create : Revision + 1;
                next[operation.Key] = (Encoding.UTF8.GetString(operation.Value.Span), create, Revision + 1);
                changed = true;
                continue;
            }

            foreach (var key in Keys.Keys)
            {
                var meant = operation.Kind == FactOperationKind.Delete ? key == operation.Key : key.StartsWith(operation.Key, StringComparison.Ordinal);
                if (meant) changed |= next.Remove(key);
            }
        }

        return changed ? new ModelState(Revision + 1, next) : this;
    }

    /// <summary>As <see cref="FactCalls.Show(FactView)"/> shows the store.</summary>
    public string Show() => string.Join(" ", Keys.Select(entry => $"{entry.Key}={entry.Value.Value}@{entry.Value.Create}/{entry.Value.Mod}"));

    /// <summary>What a watch of a prefix must say of the step to the next state.</summary>
    public IEnumerable<string> ChangesTo(ModelState next, string prefix)
    {
        foreach (var key in Keys.Keys.Union(next.Keys.Keys).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            if (!next.Keys.TryGetValue(key, out var after)) yield return $"-{key}@{next.Revision}";
            else if (after.Mod == next.Revision) yield return $"{key}={after.Value}@{next.Revision}";
        }
    }
}
