using Moldau.Protocol.Errors;

namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>
/// A transactional producer as clients are: each step is tried again until it is answered; what cannot go on begins anew.
/// What it was told it remembers. In the first protocol an end that comes late ends the next transaction, with Kafka too: its
/// messages come in order.
/// </summary>
internal sealed class SimulatedProducer(string name, string id, bool bumps, SimulatedTime time, SimulatedCoordinator coordinator, IReadOnlyList<SimulatedPartition> partitions, long end)
{
    private readonly Dictionary<int, int> _sequences = [];
    private long _producerId;
    private short _epoch;
    private int _count;

    /// <summary>Transactions whose commit was acknowledged, and where they wrote.</summary>
    public List<(string Label, IReadOnlyList<int> Partitions)> Committed { get; } = [];

    public List<string> Aborted { get; } = [];

    /// <summary>All that was begun.</summary>
    public Dictionary<string, IReadOnlyList<int>> Begun { get; } = [];

    public async Task RunAsync()
    {
        while (time.Now < end)
        {
            if (!await StartAsync().ConfigureAwait(false)) continue;
            while (time.Now < end && await TransactAsync().ConfigureAwait(false))
            {
            }

            // Somebody else takes over, perhaps at once.
            await time.DelayAsync(time.Chance.Next(1, 2000)).ConfigureAwait(false);
        }
    }

    private async Task<bool> StartAsync()
    {
        var answer = await time.AskAsync<(ErrorCode Error, long ProducerId, short Epoch)>(reply => coordinator.Init(id, reply)).ConfigureAwait(false);
        if (answer is not { Error: ErrorCode.None } given)
        {
            await time.DelayAsync(100).ConfigureAwait(false);
            return false;
        }

        (_producerId, _epoch) = (given.ProducerId, given.Epoch);
        _sequences.Clear();
        return true;
    }

    private async Task<bool> TransactAsync()
    {
        var label = $"{name}:{_count++}";
        // As they are now: what is late is late with them.
        var (producerId, epoch) = (_producerId, _epoch);
        var touched = partitions.Select(static partition => partition.Number).Where(_ => time.Chance.Next(2) == 0).ToList();
        if (touched.Count == 0) touched.Add(time.Chance.Next(partitions.Count));
        Begun[label] = touched;
        foreach (var number in touched)
        {
            if (!bumps && !await RetryAsync(reply => coordinator.Add(id, producerId, epoch, number, verifies: false, fromClient: true, reply)).ConfigureAwait(false)) return false;
            var written = new SimulatedPartition.Written(id, producerId, epoch, _sequences.GetValueOrDefault(number), label, bumps);
            if (!await RetryAsync(reply => partitions[number].Produce(written, reply)).ConfigureAwait(false)) return false;
            _sequences[number] = written.Sequence + 1;
        }

        if (time.Happens(5)) return false;
        if (time.Happens(2)) await time.DelayAsync(25_000).ConfigureAwait(false);
        return await EndAsync(label, touched, isCommit: time.Chance.Next(4) > 0).ConfigureAwait(false);
    }

    private async Task<bool> EndAsync(string label, List<int> touched, bool isCommit)
    {
        var (producerId, epoch) = (_producerId, _epoch);
        for (var i = 0; i < 40; i++)
        {
            var answer = await time.AskAsync<(ErrorCode Error, long ProducerId, short Epoch)>(reply => coordinator.End(id, producerId, epoch, isCommit, bumps, reply), !bumps).ConfigureAwait(false);
            if (answer is { Error: ErrorCode.None } given)
            {
                if (isCommit) Committed.Add((label, touched));
                else Aborted.Add(label);
                if (!bumps) return true;
                (_producerId, _epoch) = (given.ProducerId, given.Epoch);
                _sequences.Clear();
                return true;
            }

            if (answer is { } refused && !IsTransient(refused.Error)) return false;
            await time.DelayAsync(50).ConfigureAwait(false);
        }

        return false;
    }

    private async Task<bool> RetryAsync(Action<Action<ErrorCode>> ask)
    {
        for (var i = 0; i < 20; i++)
        {
            var answer = await time.AskAsync(ask, !bumps).ConfigureAwait(false);
            if (answer == ErrorCode.None) return true;
            if (answer is { } refused && !IsTransient(refused)) return false;
            await time.DelayAsync(50).ConfigureAwait(false);
        }

        return false;
    }

    private static bool IsTransient(ErrorCode error) =>
        error is ErrorCode.ConcurrentTransactions or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress;
}
