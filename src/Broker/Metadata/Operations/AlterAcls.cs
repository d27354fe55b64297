using System.Security.Cryptography;
using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Adds and removes rules. A rule's key comes from what it says, so that two who add the same at once add one. Many are
/// written in pieces, each of them all or none.
/// </summary>
internal sealed class AlterAcls(IMetadataStore store)
{
    private readonly CertainWrite _write = new(store);

    /// <param name="rules">Those that are there already stay as they are.</param>
    /// <param name="image">What is known to be there, under whatever key.</param>
    /// <returns>The revision as of which all of them are there.</returns>
    /// <exception cref="OutcomeUnknownException">Whether they are cannot be found out.</exception>
    /// <exception cref="FactRefusedException">They are not.</exception>
    public async Task<long> AddAsync(IReadOnlyCollection<AclRecord> rules, MetadataImage image)
    {
        var known = image.Acls.Values.Select(static stored => stored.Record).ToHashSet();
        var revision = 0L;
        foreach (var piece in rules.Where(rule => !known.Contains(rule)).Distinct().Chunk(OperationBatches.CountLimit))
        {
            while (true)
            {
                var (result, seen) = await AddAsync(piece).ConfigureAwait(false);
                revision = Math.Max(revision, seen);
                if (result is null or { IsApplied: true, WasInDoubt: false }) break;
            }
        }

        return revision;
    }

    /// <param name="rules">With their keys and revisions, as an image has them.</param>
    /// <returns>The revision as of which they are gone; null, with the revision to look at, where one of them was changed meanwhile.</returns>
    /// <exception cref="OutcomeUnknownException">Whether they are cannot be found out.</exception>
    /// <exception cref="FactRefusedException">They are not.</exception>
    public async Task<(bool AreGone, long Revision)> RemoveAsync(IReadOnlyCollection<KeyValuePair<Uuid, Stored<AclRecord>>> rules)
    {
        var revision = 0L;
        foreach (var piece in rules.Chunk(OperationBatches.CountLimit))
        {
            var conditions = new List<FactCondition>();
            var operations = new List<FactOperation>();
            foreach (var (id, stored) in piece)
            {
                conditions.Add(FactCondition.ModRevision(MetadataKeys.Acl(id), stored.Revision));
                operations.Add(FactOperation.Delete(MetadataKeys.Acl(id)));
            }

            var result = await _write.RunAsync(new FactTransaction(conditions, operations), operations[0].Key, static seen => seen is null).ConfigureAwait(false);
            revision = Math.Max(revision, result.Revision);
            if (!result.IsApplied) return (false, revision);
        }

        return (true, revision);
    }

    /// <returns>Null where nothing was missing; and the revision that shows it.</returns>
    private async Task<(WriteResult? Result, long Revision)> AddAsync(AclRecord[] piece)
    {
        var conditions = new List<FactCondition>();
        var operations = new List<FactOperation>();
        var revision = 0L;
        foreach (var rule in piece)
        {
            var value = RecordCodec.Encode(rule);
            var key = MetadataKeys.Acl(IdOf(value));
            var read = await store.GetAsync(key).ConfigureAwait(false);
            revision = Math.Max(revision, read.Revision);
            if (read.Entry is not null) continue;
            conditions.Add(FactCondition.Missing(key));
            operations.Add(FactOperation.Put(key, value));
        }

        if (operations.Count == 0) return (null, revision);
        // See the record that is put beside them.
        var witness = operations[0];
        var latest = (await store.GetAsync(MetadataKeys.LatestAddition).ConfigureAwait(false)).Entry;
        conditions.Add(FactCondition.ModRevision(MetadataKeys.LatestAddition, latest?.ModRevision ?? 0));
        operations.Add(FactOperation.Put(MetadataKeys.LatestAddition, RecordCodec.Encode(new LatestAdditionRecord(witness.Key))));
        var result = await _write.RunAsync(
            new FactTransaction(conditions, operations), witness.Key, seen => seen is not null && seen.Value.Span.SequenceEqual(witness.Value.Span)).ConfigureAwait(false);
        return (result, result.Revision);
    }

    private static Uuid IdOf(byte[] rule)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rule, hash);
        // Ids with a half of zeros are reserved.
        return new Uuid(BitConverter.ToUInt64(hash) | 1, BitConverter.ToUInt64(hash[8..]));
    }
}
