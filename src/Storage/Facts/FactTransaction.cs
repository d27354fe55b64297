namespace Moldau.Storage.Facts;

/// <summary>Operations that are applied all or none, if all conditions hold.</summary>
public sealed class FactTransaction(IReadOnlyList<FactCondition> conditions, IReadOnlyList<FactOperation> operations)
{
    /// <summary>Of operations, and of conditions: below etcd's 128, so that what works here works there.</summary>
    public const int ListLimit = 100;

    /// <summary>Keys and values together; etcd refuses requests of 1.5 MiB.</summary>
    public const int SizeLimit = 1024 * 1024;

    public IReadOnlyList<FactCondition> Conditions { get; } = conditions;

    public IReadOnlyList<FactOperation> Operations { get; } = operations;

    /// <summary>Refuses what no state of the store would make acceptable.</summary>
    internal void EnsureAcceptable()
    {
        if (Operations.Count > ListLimit) throw TooMany("operations", Operations.Count);
        if (Conditions.Count > ListLimit) throw TooMany("conditions", Conditions.Count);

        var size = 0L;
        foreach (var condition in Conditions) size += SizeOf(condition.Key, mayBeEmpty: false);
        foreach (var operation in Operations)
            size += SizeOf(operation.Key, operation.Kind == FactOperationKind.DeletePrefix) + operation.Value.Length;

        if (size > SizeLimit)
        {
            throw new FactRefusedException(FactRefusal.TooLarge,
                $"a transaction of {size} bytes of keys and values; {SizeLimit} are the limit: split it");
        }

        EnsureEachKeyOnce();
    }

    // etcd refuses these too: it gives the operations of a transaction no order.
    private void EnsureEachKeyOnce()
    {
        var put = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in Operations)
        {
            if (operation.Kind == FactOperationKind.Put && !put.Add(operation.Key)) throw Twice(operation.Key);
        }

        foreach (var operation in Operations)
        {
            if (operation.Kind == FactOperationKind.Delete && put.Contains(operation.Key)) throw Twice(operation.Key);
            if (operation.Kind != FactOperationKind.DeletePrefix) continue;
            foreach (var key in put)
            {
                if (key.StartsWith(operation.Key, StringComparison.Ordinal)) throw Twice(key);
            }
        }
    }

    private static int SizeOf(string key, bool mayBeEmpty)
    {
        if (key.Length == 0 && !mayBeEmpty) throw new FactRefusedException(FactRefusal.InvalidKey, "an empty key; a key has at least one character");
        try
        {
            return FactKeyOrder.Encode(key).Length;
        }
        catch (System.Text.EncoderFallbackException fault)
        {
            throw new FactRefusedException(FactRefusal.InvalidKey,
                $"a key of {key.Length} characters has half a surrogate pair at {fault.Index} and no UTF-8 form", fault);
        }
    }

    private static FactRefusedException TooMany(string what, int count) =>
        new(FactRefusal.TooManyOperations, $"a transaction of {count} {what}; {ListLimit} are the limit: split it");

    private static FactRefusedException Twice(string key) =>
        new(FactRefusal.KeyTwice, $"a transaction changes the key '{key}' twice; which change is meant to last cannot be told: drop one");
}
