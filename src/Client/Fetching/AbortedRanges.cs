using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;

namespace Moldau.Client.Fetching;

/// <summary>Which batches of an answer belong to transactions that were given up. Batches are shown to it in their order.</summary>
internal sealed class AbortedRanges
{
    private readonly List<(long FirstOffset, long Producer)> _ahead = [];
    private readonly HashSet<long> _open = [];
    private int _next;

    private AbortedRanges()
    {
    }

    /// <summary>Null where there are none.</summary>
    public static AbortedRanges? Of(FetchResponse.FetchedPartition partition)
    {
        if (partition.AbortedTransactions is not { Count: > 0 } aborted) return null;
        var ranges = new AbortedRanges();
        foreach (var transaction in aborted) ranges._ahead.Add((transaction.FirstOffset, transaction.ProducerId));
        ranges._ahead.Sort();
        return ranges;
    }

    public bool Covers(in RecordBatch batch)
    {
        for (; _next < _ahead.Count && _ahead[_next].FirstOffset <= batch.LastOffset; _next++) _open.Add(_ahead[_next].Producer);
        if (!batch.Attributes.IsControl) return batch.Attributes.IsTransactional && _open.Contains(batch.ProducerId);
        // The end of its transaction; a later one of the same producer is listed by itself.
        _open.Remove(batch.ProducerId);
        return true;
    }
}
