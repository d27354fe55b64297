using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Applies transactions and finds out what became of those whose outcome stayed unknown: it reads back, and sends the same
/// again where nothing shows. An unknown one may be applied after the reading, so each transaction must be such that its
/// own success breaks its conditions: of several attempts then at most one is applied, whenever.
/// </summary>
internal sealed class CertainWrite(IMetadataStore store)
{
    // Each attempt lasts as long as the store is willing to wait. Who is in doubt for so long has a store that is gone.
    private const int AttemptLimit = 10;

    /// <param name="transaction">What to apply.</param>
    /// <param name="witness">A key that shows whether it was.</param>
    /// <param name="isOurs">Whether that key, as read, could be so only because it was.</param>
    /// <exception cref="OutcomeUnknownException">It cannot be found out.</exception>
    /// <exception cref="FactRefusedException">It was not applied.</exception>
    public async Task<WriteResult> RunAsync(FactTransaction transaction, string witness, Func<FactEntry?, bool> isOurs)
    {
        string? doubt = null;
        for (var attempt = 0; attempt < AttemptLimit; attempt++)
        {
            try
            {
                var outcome = await store.ApplyAsync(transaction).ConfigureAwait(false);
                if (outcome is FactOutcome.Applied applied) return new WriteResult(true, applied.Revision, doubt is not null);
                if (outcome is FactOutcome.Rejected rejected && doubt is null) return new WriteResult(false, rejected.Revision, false);
                if (outcome is FactOutcome.Unknown unknown) doubt = unknown.Reason;

                var seen = await store.GetAsync(witness).ConfigureAwait(false);
                if (isOurs(seen.Entry)) return new WriteResult(true, seen.Revision, true);
                if (outcome is FactOutcome.Rejected) return new WriteResult(false, seen.Revision, true);
            }
            catch (Exception fault) when (doubt is not null)
            {
                throw Unknown(transaction, doubt, fault);
            }
        }

        throw Unknown(transaction, doubt!, null);
    }

    private static OutcomeUnknownException Unknown(FactTransaction transaction, string doubt, Exception? fault) =>
        new($"whether the change of '{transaction.Operations[0].Key}'"
            + (transaction.Operations.Count > 1 ? $" and {transaction.Operations.Count - 1} more keys" : "")
            + $" was made is not known: {doubt}" + (fault is null ? "" : $"; then: {fault.Message}"), fault);
}
