namespace Moldau.Coordination.Transactions;

/// <summary>
/// Which epoch a producer had before it was raised on his own request: by it a retry is known. As with Kafka no record says
/// so; after a load such a retry is fenced. An entry counts for one producer id and epoch only, so one whose change was
/// taken back means nothing.
/// </summary>
internal sealed class PastEpochs
{
    private readonly Dictionary<string, (long ProducerId, short Epoch, short Past)> _entries = [];

    public short Find(string id, Transaction transaction) =>
        _entries.TryGetValue(id, out var entry) && entry.ProducerId == transaction.ProducerId && entry.Epoch == transaction.Epoch ? entry.Past : Transaction.NoEpoch;

    public void Set(string id, Transaction transaction, short past)
    {
        if (past == Transaction.NoEpoch) _entries.Remove(id);
        else _entries[id] = (transaction.ProducerId, transaction.Epoch, past);
    }

    public void Remove(string id) => _entries.Remove(id);
}
