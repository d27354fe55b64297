using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Where the producers of a log had come to at an offset. Not where they are now: what they have written since may be lost
/// in a crash or truncated, and then the last batch below the offset is their last one. Kafka takes the states of now.
/// </summary>
internal static class ProducerEnds
{
    /// <param name="target">The log.</param>
    /// <param name="segments">Its segments.</param>
    /// <param name="upTo">The offset.</param>
    /// <returns>All producers that the log has not forgotten by now.</returns>
    public static async Task<IReadOnlyDictionary<long, ProducerEnd>> AtAsync(CompactedLog target, SegmentList segments, long upTo)
    {
        var log = target.Log;
        var remembered = new HashSet<long>();
        var snapshots = new List<long>();
        await target.OnWriter(() =>
        {
            foreach (var state in log.Producers.Producers) remembered.Add(state.ProducerId);
            foreach (var offset in log.Snapshots.Offsets)
            {
                if (offset <= upTo) snapshots.Add(offset);
            }
        }).ConfigureAwait(false);

        var states = new ProducerStates();
        // There is one at the beginning of every segment, as a rule, and then nothing is left to be applied.
        var from = Restore(states, log.Snapshots, snapshots) ?? log.StartOffset;
        if (from < upTo) ProducerReplay.Run(segments, states, from, upTo);
        var ends = new Dictionary<long, ProducerEnd>();
        foreach (var state in states.Producers)
        {
            if (remembered.Contains(state.ProducerId)) ends.Add(state.ProducerId, new ProducerEnd(state.LastOffset, state.Epoch));
        }

        return ends;
    }

    private static long? Restore(ProducerStates states, ProducerSnapshotFiles files, List<long> snapshots)
    {
        for (var i = snapshots.Count - 1; i >= 0; i--)
        {
            try
            {
                if (files.TryRestore(states, snapshots[i])) return snapshots[i];
            }
            catch (DiskException gone) when (gone.Fault == DiskFault.NotFound)
            {
                // A checkpoint has removed it meanwhile.
            }
        }

        return null;
    }
}
