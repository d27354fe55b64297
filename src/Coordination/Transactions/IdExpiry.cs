using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Transactions;

/// <summary>Forgets transactional ids that have no open transaction and were not used for long.</summary>
internal sealed class IdExpiry(TransactionTable table, PastEpochs past, Func<TransactionRules> rules)
{
    public const string Timer = "expiration";

    /// <summary>So many at once go into one batch whatever their names are.</summary>
    private const int MostAtOnce = 500;

    public void Schedule(Outcome outcome) => outcome.SetTimer(new ShardTimer(Timer, ""), TimeSpan.FromMilliseconds(rules().IdExpirationInterval));

    public void Elapsed(Outcome outcome)
    {
        var expired = new List<string>();
        foreach (var (id, transaction) in table.All)
        {
            if (expired.Count > MostAtOnce) break;
            var isIdle = transaction.State is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort;
            if (isIdle && transaction.UpdatedAt <= outcome.Now - rules().IdExpiration) expired.Add(id);
        }

        foreach (var id in expired.Take(MostAtOnce))
        {
            past.Remove(id);
            TransactionTable.Forget(id, outcome);
        }

        if (expired.Count > MostAtOnce) outcome.SetTimer(new ShardTimer(Timer, ""), TimeSpan.Zero);
        else Schedule(outcome);
    }
}
