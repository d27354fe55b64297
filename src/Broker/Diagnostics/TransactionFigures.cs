using Moldau.Broker.Coordinators;
using Moldau.Coordination.Transactions;

namespace Moldau.Broker.Diagnostics;

/// <summary>What the transaction coordinators say of their transactional ids at one moment.</summary>
internal sealed class TransactionFigures
{
    private readonly Dictionary<TransactionState, int> _states = [];

    public IReadOnlyDictionary<TransactionState, int> States => _states;

    public static async Task<TransactionFigures> TakeAsync(BrokerServer broker)
    {
        var figures = new TransactionFigures();
        if (broker.Coordinators is { } coordinators) await ShardReading.RunAsync(coordinators.Transactions.Topic.Shards, broker.Clock, figures.Add).ConfigureAwait(false);
        return figures;
    }

    private void Add(TransactionMachine machine)
    {
        // The shards tell on threads of their own.
        lock (_states)
        {
            foreach (var (_, transaction) in machine.Transactions) _states[transaction.State] = _states.GetValueOrDefault(transaction.State) + 1;
        }
    }
}
