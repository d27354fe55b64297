using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Alters one record, whatever it is: settings, limits, credentials, tokens, rules, features. The alteration is a pure
/// function of what is there, and is asked again where another came in between.
/// </summary>
public sealed class AlterRecord(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <param name="key">The record's key.</param>
    /// <param name="alter">What it is to be, from what it is; null on either side is no record. What it throws is passed on.</param>
    /// <param name="owner">A key without which the record must not be, and which must stay as it is meanwhile.</param>
    /// <exception cref="OutcomeUnknownException">Whether it was altered cannot be found out, or it was and others altered it further.</exception>
    /// <exception cref="FactRefusedException">It was not altered.</exception>
    public async Task<Alteration> RunAsync<T>(string key, Func<T?, T?> alter, string? owner = null)
        where T : class, IMetadataRecord
    {
        ArgumentNullException.ThrowIfNull(alter);
        while (true)
        {
            var conditions = new List<FactCondition>();
            if (owner is not null)
            {
                if ((await store.GetAsync(owner).ConfigureAwait(false)).Entry is not { } there) return new Alteration(true, 0);
                conditions.Add(FactCondition.CreateRevision(owner, there.CreateRevision));
            }

            var before = await store.GetAsync(key).ConfigureAwait(false);
            var after = alter(before.Entry is { } entry ? RecordCodec.Decode<T>(entry) : null);
            var value = after is null ? null : RecordCodec.Encode(after);
            if (IsSame(before.Entry, value)) return new Alteration(false, before.Revision);

            var @base = before.Entry?.ModRevision ?? 0;
            conditions.Add(FactCondition.ModRevision(key, @base));
            List<FactOperation> operations = [value is null ? FactOperation.Delete(key) : FactOperation.Put(key, value)];
            if (@base == 0) await AddOnceAsync(key, conditions, operations).ConfigureAwait(false);

            var result = await _write.RunAsync(
                new FactTransaction(conditions, operations), key, seen => (seen?.ModRevision ?? 0) != @base && IsSame(seen, value)).ConfigureAwait(false);
            if (result.IsApplied) return new Alteration(false, result.Revision);
            if (result.WasInDoubt) throw new OutcomeUnknownException($"whether '{key}' was altered is not known: others altered it meanwhile; look at it, and alter it again if need be");
        }
    }

    private static bool IsSame(FactEntry? entry, byte[]? value) =>
        entry is null ? value is null : value is not null && entry.Value.Span.SequenceEqual(value);

    /// <summary>A record that is put where there is none: see <see cref="LatestAdditionRecord"/>.</summary>
    private async Task AddOnceAsync(string key, List<FactCondition> conditions, List<FactOperation> operations)
    {
        var latest = (await store.GetAsync(MetadataKeys.LatestAddition).ConfigureAwait(false)).Entry;
        conditions.Add(FactCondition.ModRevision(MetadataKeys.LatestAddition, latest?.ModRevision ?? 0));
        operations.Add(FactOperation.Put(MetadataKeys.LatestAddition, RecordCodec.Encode(new LatestAdditionRecord(key))));
    }
}
