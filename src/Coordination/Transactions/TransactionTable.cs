using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Transactions;

/// <summary>The durable state: what each transactional id's newest record says.</summary>
internal sealed class TransactionTable(UndoLog undo, Func<TransactionRules> rules)
{
    private readonly DurableMap<string, Transaction> _all = new(undo);

    public DurableMap<string, Transaction> All => _all;

    public Transaction? Find(string id) => _all.Find(id);

    /// <summary>Appends the next state. As Kafka does, each record tells whose id it was before.</summary>
    public Transaction Write(string id, Transaction next, Outcome outcome)
    {
        var version = TransactionForm.VersionFor(rules().Level);
        next = next with { PreviousProducerId = Find(id)?.ProducerId ?? next.ProducerId };
        outcome.Append(new TransactionLogKey { TransactionalId = id }, TransactionForm.Write(next, version), version);
        return _all.Find(id)!;
    }

    public static void Forget(string id, Outcome outcome) => outcome.Append(new TransactionLogKey { TransactionalId = id }, null);

    public void Replay(IMessage key, IMessage? value)
    {
        if (key is not TransactionLogKey { TransactionalId: var id }) return;
        if (value is TransactionLogValue stored) _all.Set(id, TransactionForm.Read(stored));
        else _all.Remove(id);
    }
}
