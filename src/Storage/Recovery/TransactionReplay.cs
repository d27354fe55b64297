using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Recovery;

/// <summary>Finds the aborted transactions that no file knows: only the producers' states tell where one began.</summary>
internal static class TransactionReplay
{
    /// <summary>Applies the batches from the last snapshot before an offset on, to states that nobody keeps.</summary>
    public static void Run(SegmentList segments, ProducerSnapshotFiles snapshots, long from, long end)
    {
        var states = new ProducerStates();
        var begin = segments.First.BaseOffset;
        for (var i = snapshots.Offsets.Count - 1; i >= 0; i--)
        {
            var offset = snapshots.Offsets[i];
            if (offset > from || offset <= begin || !snapshots.TryRestore(states, offset)) continue;
            begin = offset;
            break;
        }

        ProducerReplay.Run(segments, states, begin, end, AddTo(from));
    }

    /// <summary>Takes those that ended at the offset or later into the index of their segment, where that does not know them.</summary>
    public static Action<LogSegment, CompletedTransaction> AddTo(long from) => (segment, ended) =>
    {
        var known = segment.Indexes.Transactions;
        if (!ended.IsAborted || ended.LastOffset < from || ended.LastOffset <= known.LastOffset) return;
        known.Add(new AbortedTransaction(ended.ProducerId, ended.FirstOffset, ended.LastOffset, ended.LastStableOffset));
    };
}
