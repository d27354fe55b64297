using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Producers;

namespace Moldau.Unit.Coordination.Transactions.Simulation;

/// <summary>
/// A partition in few lines, with the producers' states of the real one: a list of batches and markers of which a crash
/// keeps what was durable, and a bit more perhaps.
/// </summary>
internal sealed class SimulatedPartition(int number, SimulatedTime time, SimulationBreaks breaks, Func<SimulatedCoordinator> coordinator)
{
    private readonly List<Entry> _entries = [];
    private readonly List<(long End, Action Reached)> _waits = [];
    private readonly List<string> _seen = [];
    private ProducerStates _states = new();
    private List<CompletedTransaction> _aborted = [];
    private long _durable;
    private int _generation;
    private bool _isFlushing;

    public const string Topic = "t";

    public int Number => number;

    public bool HasOpenTransaction => _states.FirstUndecidedOffset is not null;

    /// <summary>What a reader of committed records sees now; what it saw before must be its beginning.</summary>
    public IReadOnlyList<string> Read()
    {
        _states.HighWatermarkMoved(_durable);
        var stable = Math.Min(_durable, (_states.FirstUnstableOffset ?? long.MaxValue - 1) + breaks.StableOffsetError);
        var visible = new List<string>();
        for (var offset = 0; offset < stable; offset++)
        {
            var entry = _entries[offset];
            if (entry.Batch is not { } batch) continue;
            if (!_aborted.Any(aborted => aborted.ProducerId == batch.ProducerId && aborted.FirstOffset <= offset && offset < aborted.LastOffset)) visible.Add(entry.Label);
        }

        Rule.Holds(visible.Count >= _seen.Count && _seen.SequenceEqual(visible.Take(_seen.Count)), $"partition {number}: a reader saw {string.Join(' ', _seen)}, and then {string.Join(' ', visible)}");
        _seen.Clear();
        _seen.AddRange(visible);
        return visible;
    }

    public void Produce(in Written written, Action<ErrorCode> reply)
    {
        var (sent, generation) = (written, _generation);
        var check = _states.BeginVerification(sent.ProducerId, sent.Epoch, sent.Sequence, sent.Adds, time.Now, out var guard);
        if (!check.IsNew) reply(check.Error);
        else if (guard.IsNone) Append(sent, guard, reply);
        else
        {
            coordinator().Add(sent.Id, sent.ProducerId, sent.Epoch, number, !sent.Adds, fromClient: false, error =>
            {
                if (_generation != generation) return;
                if (error == ErrorCode.None) Append(sent, guard, reply);
                else reply(error);
            });
        }
    }

    public void Mark(WriteTxnMarkersRequest.Marker marker, Action<ErrorCode> reply)
    {
        if (time.HasFaults && time.Chance.Next(100) < breaks.DroppedMarkers)
        {
            reply(ErrorCode.None);
            return;
        }

        var end = new TransactionEnd(marker.ProducerId, marker.ProducerEpoch, _entries.Count, time.Now, !marker.TransactionResult, marker.CoordinatorEpoch);
        var check = _states.Check(end, marker.TransactionVersion >= 2);
        if (!check.IsNew && !breaks.SkipsEpochCheck)
        {
            reply(check.Error);
            return;
        }

        _entries.Add(new Entry("", null, end));
        Apply(_entries[^1]);
        Wait(() => reply(ErrorCode.None));
    }

    public void Crash()
    {
        _generation++;
        var kept = (int)_durable + time.Chance.Next(_entries.Count - (int)_durable + 1);
        _entries.RemoveRange(kept, _entries.Count - kept);
        _durable = kept;
        _waits.Clear();
        (_states, _aborted) = (new ProducerStates(), []);
        foreach (var entry in _entries) Apply(entry);
    }

    private void Append(in Written sent, VerificationGuard guard, Action<ErrorCode> reply)
    {
        var batch = new ProducedBatch(sent.ProducerId, sent.Epoch, sent.Sequence, sent.Sequence, _entries.Count, _entries.Count, time.Now, true);
        var check = _states.Check(batch, AppendOrigin.Client, guard);
        if (check.IsNew)
        {
            _entries.Add(new Entry(sent.Label, batch, null));
            Apply(_entries[^1]);
        }

        if (check.Error != ErrorCode.None) reply(check.Error);
        else Wait(() => reply(ErrorCode.None));
    }

    private void Apply(Entry entry)
    {
        if (entry.Batch is { } batch) _states.Apply(batch);
        else if (entry.End is { } end && _states.Apply(end) is { IsAborted: true } aborted) _aborted.Add(aborted);
    }

    private void Wait(Action reached)
    {
        _waits.Add((_entries.Count, reached));
        if (_isFlushing) return;
        _isFlushing = true;
        var (generation, end) = (_generation, _entries.Count);
        time.After(time.Chance.Next(1, 12), () =>
        {
            _isFlushing = false;
            if (_generation == generation) _durable = Math.Max(_durable, end);
            foreach (var wait in _waits.Where(wait => wait.End <= _durable).ToList())
            {
                _waits.Remove(wait);
                wait.Reached();
            }

            if (_waits.Count > 0) Wait(static () => { });
        });
    }

    internal readonly record struct Written(string Id, long ProducerId, short Epoch, int Sequence, string Label, bool Adds);

    private sealed record Entry(string Label, ProducedBatch? Batch, TransactionEnd? End);
}
