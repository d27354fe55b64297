using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A coordinator's shard with its log: appends take time and fail, and restarts find what was appended.</summary>
internal sealed class SimulatedShard<TMachine>
    where TMachine : class, IShardMachine
{
    private readonly string _name;
    private readonly string _topic;
    private readonly Func<TMachine> _make;
    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private readonly List<ShardBatch> _underWay = [];
    private Shard<TMachine> _shard;
    private long _now;
    private long _end;

    /// <param name="name">As the story calls it.</param>
    /// <param name="topic">Of its log.</param>
    /// <param name="make">Makes an empty machine.</param>
    public SimulatedShard(string name, string topic, Func<TMachine> make, Random chance, Happenings seen)
    {
        (_name, _topic, _make, _chance, _seen) = (name, topic, make, chance, seen);
        _shard = Load();
    }

    public TMachine Machine => _shard.Machine;

    /// <summary>In the order of offsets, of which some may be gone.</summary>
    public List<(long Offset, StoredRecord Record)> Log { get; } = [];

    /// <summary>Everything it knows is in the log.</summary>
    public bool IsStored => !_shard.HasUncommitted;

    public void Run(long now, PendingReply? reply, Action<TMachine, Outcome> action)
    {
        _now = now;
        _shard.Run(now, reply, action);
    }

    /// <summary>One thing happens here by itself.</summary>
    public void Step(long now, bool isCalm)
    {
        _now = now;
        _underWay.AddRange(_shard.TakeBatches());
        if (_underWay.Count > 0 && (isCalm || _chance.Next(2) == 0)) EndAppend(fails: !isCalm && _chance.Next(8) == 0);
        foreach (var (timer, due) in _timers.ToList())
        {
            if (due > now) continue;
            _timers.Remove(timer);
            _shard.Run(now, null, (machine, outcome) => machine.Elapsed(timer, outcome));
        }
    }

    /// <summary>An append that was under way may have come through or not.</summary>
    public void Restart(long now)
    {
        _now = now;
        _seen.Note($"the {_name} restarted");
        foreach (var batch in _underWay.Take(_chance.Next(_underWay.Count + 1))) Add(batch);
        _underWay.Clear();
        _shard.Drop(now, "restart");
        _shard = Load();
    }

    /// <summary>A machine that knows what the log says, and no more.</summary>
    public TMachine Replayed()
    {
        var machine = _make();
        foreach (var (offset, record) in Log)
        {
            var (key, value) = RecordForm.Decode(_topic, record.Key, record.Value)!.Value;
            machine.Replay(key, value, null);
            if (machine is IPrunedMachine pruned) pruned.Stands(key, value is null, offset);
        }

        return machine;
    }

    private void EndAppend(bool fails)
    {
        if (fails)
        {
            _seen.Note("an append failed");
            var first = _underWay[0];
            _underWay.Clear();
            _shard.Failed(_now, first, ErrorCode.NotEnoughReplicas, null);
            return;
        }

        var batch = _underWay[0];
        _underWay.RemoveAt(0);
        Add(batch);
        _shard.Committed(batch);
    }

    private void Add(ShardBatch batch)
    {
        batch.BaseOffset = _end;
        foreach (var record in batch.Records) Log.Add((_end++, record));
    }

    private Shard<TMachine> Load()
    {
        _timers.Clear();
        var shard = new Shard<TMachine>(Replayed(), SetTimer, fault => throw new InvalidOperationException($"the {_name} threw", fault));
        shard.Loaded(_now);
        return shard;
    }

    private void SetTimer(ShardTimer timer, TimeSpan? after)
    {
        if (after is { } time) _timers[timer] = _now + (long)time.TotalMilliseconds;
        else _timers.Remove(timer);
    }
}
