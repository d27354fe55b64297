using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Shards;

/// <summary>
/// A machine with what is not committed yet of it. Events run at once, one after the other; their records pile up in batches
/// until <see cref="TakeBatches"/> carries them off to the log; a reply leaves when everything it was computed from is
/// committed. Called by one at a time, and does nothing by itself.
/// </summary>
/// <param name="machine">What it drives.</param>
/// <param name="setTimer">Told of each timer that an event sets, or stops where there is no time.</param>
/// <param name="faulted">Told of an event that threw; its changes have been taken back.</param>
public sealed class Shard<TMachine>(TMachine machine, Action<ShardTimer, TimeSpan?> setTimer, Action<Exception> faulted)
    where TMachine : class, IShardMachine
{
    private readonly Outcome _outcome = new(machine);
    private readonly List<StoredRecord> _encoded = [];
    private readonly IPrunedMachine? _pruned = machine as IPrunedMachine;

    // Oldest first: those under way, then those nobody has taken yet.
    private readonly List<ShardBatch> _batches = [];
    private int _taken;

    public TMachine Machine { get; } = machine;

    /// <summary>In bytes, before compression.</summary>
    public int LargestBatch { get; set; } = 1_000_000;

    public bool HasUncommitted => _batches.Count > 0;

    public bool HasBatches => _taken < _batches.Count;

    /// <summary>All is replayed: from here on changes can be taken back.</summary>
    public void Loaded(long now)
    {
        Machine.Undo.IsOn = true;
        Run(now, null, static (machine, outcome) => machine.Loaded(outcome));
    }

    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="asker">Who is told where the event throws.</param>
    /// <param name="action">The event.</param>
    public void Run(long now, PendingReply? asker, Action<TMachine, Outcome> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = Machine.Undo.Position;
        _outcome.Begin(now);
        try
        {
            action(Machine, _outcome);
            Encode();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            TakeBack(before, asker, fault);
            return;
        }

        Take();
    }

    /// <summary>A transaction ends here: its marker is to be appended, and counts from now on.</summary>
    public void End(long now, PendingReply asker, TransactionProducer producer, MarkerEnd end)
    {
        Machine.ReplayMarker(producer, end.IsCommit);
        var batch = new ShardBatch(producer, end) { Now = now, UndoEnd = Machine.Undo.Position };
        batch.Hold(new HeldReply(asker));
        _batches.Add(batch);
    }

    /// <summary>What piled up, to be appended in this order.</summary>
    public IReadOnlyList<ShardBatch> TakeBatches()
    {
        var batches = _batches.GetRange(_taken, _batches.Count - _taken);
        _taken = _batches.Count;
        return batches;
    }

    /// <summary>The batch and all before it are durable, and everybody may know.</summary>
    public void Committed(ShardBatch batch)
    {
        var count = _batches.IndexOf(batch) + 1;
        if (count == 0) return;
        var committed = _batches.GetRange(0, count);
        _batches.RemoveRange(0, count);
        _taken -= count;
        Machine.Undo.Commit(batch.UndoEnd);
        foreach (var one in committed)
        {
            TellStand(one);
            foreach (var reply in one.Held) reply.Leave();
        }
    }

    /// <summary>
    /// The batch is not in the log, nor anything behind it: state goes back to before it. Those who wait for it are told the
    /// error; what came later was computed from it, and is refused with one that is tried again.
    /// </summary>
    public void Failed(long now, ShardBatch batch, ErrorCode error, string? message)
    {
        var first = _batches.IndexOf(batch);
        if (first < 0) return;
        var failed = _batches.GetRange(first, _batches.Count - first);
        _batches.RemoveRange(first, failed.Count);
        _taken = Math.Min(_taken, _batches.Count);
        Machine.Undo.GoBack(first > 0 ? _batches[first - 1].UndoEnd : Machine.Undo.FirstPosition);
        foreach (var one in failed)
        {
            foreach (var held in one.Held) held.Reply.Fail(one == batch ? error : ErrorCode.CoordinatorNotAvailable, message);
        }

        _outcome.Begin(now);
        Machine.RolledBack(_outcome);
        Encode();
        Take();
    }

    /// <summary>The shard goes: nobody is left waiting. It is of no use afterwards.</summary>
    public void Drop(long now, string reason)
    {
        foreach (var batch in _batches)
        {
            foreach (var held in batch.Held) held.Reply.Fail(ErrorCode.NotCoordinator, reason);
        }

        _batches.Clear();
        _taken = 0;
        _outcome.Begin(now);
        Machine.Dropped(_outcome);
        foreach (var (reply, error, message) in _outcome.Failures) reply.Fail(error, message);
        foreach (var reply in _outcome.Replies) reply.Send();
    }

    private void TellStand(ShardBatch batch)
    {
        if (_pruned is null || batch.Keys is not { } keys) return;
        for (var index = 0; index < keys.Count; index++) _pruned.Stands(keys[index], batch.Records[index].Value is null, batch.BaseOffset + index);
    }

    private void Encode()
    {
        _encoded.Clear();
        var size = 0;
        foreach (var record in _outcome.Records)
        {
            var encoded = RecordForm.Encode(record, _outcome.Now);
            size += encoded.SizeUpperBound;
            _encoded.Add(encoded);
        }

        if (size > LargestBatch && !_outcome.MayBeSplit)
            throw new InvalidOperationException($"one event wrote {_encoded.Count} records of {size} bytes, which must stand in one batch of {LargestBatch} bytes");
    }

    private void Take()
    {
        if (_encoded.Count > 0) Enqueue();
        foreach (var (timer, after) in _outcome.Timers) setTimer(timer, after);
        foreach (var (reply, error, message) in _outcome.Failures) Hold(new HeldReply(reply, error, message));
        foreach (var reply in _outcome.Replies) Hold(new HeldReply(reply));
    }

    private void Enqueue()
    {
        var size = 0;
        if (!_outcome.MayBeSplit) foreach (var record in _encoded) size += record.SizeUpperBound;
        var batch = HasBatches && _batches[^1].Takes(_outcome.Producer, size, LargestBatch) ? _batches[^1] : Begin();
        for (var index = 0; index < _encoded.Count; index++)
        {
            var record = _encoded[index];
            if (_outcome.MayBeSplit && batch.Records.Count > 0 && !batch.Takes(_outcome.Producer, record.SizeUpperBound, LargestBatch))
            {
                // The changes of one event cannot be told apart: they are durable when the last of its batches is.
                batch = Begin();
            }

            batch.Add(record, _pruned is null ? null : _outcome.Records[index].Key);
        }

        batch.Now = _outcome.Now;
        batch.UndoEnd = Machine.Undo.Position;
    }

    private ShardBatch Begin()
    {
        var end = _batches.Count > 0 ? _batches[^1].UndoEnd : Machine.Undo.FirstPosition;
        var batch = new ShardBatch(_outcome.Producer) { Now = _outcome.Now, UndoEnd = end };
        _batches.Add(batch);
        return batch;
    }

    private void Hold(in HeldReply reply)
    {
        if (_batches.Count == 0) reply.Leave();
        else _batches[^1].Hold(reply);
    }

    private void TakeBack(long before, PendingReply? asker, Exception fault)
    {
        Machine.Undo.GoBack(before);
        faulted(fault);
        const string Reason = "the coordinator failed at this; the broker's log says how";
        foreach (var reply in _outcome.Replies) reply.Fail(ErrorCode.UnknownServerError, Reason);
        foreach (var (reply, _, _) in _outcome.Failures) reply.Fail(ErrorCode.UnknownServerError, Reason);
        asker?.Fail(ErrorCode.UnknownServerError, Reason);
        _outcome.Begin(_outcome.Now);
        Machine.RolledBack(_outcome);
        Encode();
        Take();
    }
}
