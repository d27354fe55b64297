using Moldau.Broker.Network;
using Moldau.Coordination.Deliveries;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>
/// The dead letters of one share-partition, some at a time: what cannot be copied pauses, longer each time, and is told of in the
/// log; the others go on. Belongs to the share-partition's queue.
/// </summary>
internal sealed class DeadLetterRounds(string group, string partition, NetworkLog log)
{
    private const int Most = 500;
    private const long FirstPause = 1000;
    private const int LongestPauseTurns = 6;
    private const long LongestPause = 60_000;

    private readonly Dictionary<long, int> _failures = [];
    private bool _isUnderWay;

    /// <returns>What is to be copied now; null for nothing. <see cref="End"/> follows.</returns>
    public IReadOnlyList<DeadRange>? Begin(SharePartitionMachine machine)
    {
        if (_isUnderWay || !machine.HasDying) return null;
        var dead = new List<DeadRange>();
        machine.CollectDead(Most, dead);
        _isUnderWay = dead.Count > 0;
        return _isUnderWay ? dead : null;
    }

    public void End(SharePartitionMachine machine, string topic, IReadOnlyList<DeadLetterFate> fates, long now)
    {
        _isUnderWay = false;
        foreach (var fate in fates)
        {
            if (fate.End is DeadLetterEnd.Copied or DeadLetterEnd.LetGo)
            {
                for (var offset = fate.First; offset <= fate.Last; offset++) _failures.Remove(offset);
                machine.Buried(fate.First, fate.Last);
            }
            else
            {
                machine.Unburied(fate.First, fate.Last, now + (fate.End == DeadLetterEnd.Failed ? Pause(fate) : FirstPause));
            }
        }

        Tell(topic, fates);
    }

    private long Pause(in DeadLetterFate fate)
    {
        var most = 0;
        for (var offset = fate.First; offset <= fate.Last; offset++) most = Math.Max(most, _failures[offset] = _failures.GetValueOrDefault(offset) + 1);
        return Math.Min(LongestPause, FirstPause << Math.Min(LongestPauseTurns, most - 1));
    }

    private void Tell(string topic, IReadOnlyList<DeadLetterFate> fates)
    {
        var told = new Dictionary<string, (DeadLetterFate First, long Count)>();
        foreach (var fate in fates)
        {
            if (fate.Reason is not { } reason) continue;
            told[reason] = told.TryGetValue(reason, out var known) ? (known.First, known.Count + fate.Size) : (fate, fate.Size);
        }

        foreach (var (reason, (first, count)) in told)
        {
            var seconds = Math.Min(LongestPause, FirstPause << Math.Min(LongestPauseTurns, _failures[first.First] - 1)) / 1000;
            log.DeadLettersFailed(group, partition, first.First, count - 1, topic, reason, seconds);
        }
    }
}
