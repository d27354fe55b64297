using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Coordination.Scenarios;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A share coordinator with its log: appends take time and fail, restarts find what was appended, and what is superfluous is cut off.</summary>
internal sealed class SimulatedStates
{
    private const string Topic = "__share_group_state";
    private static readonly ShareStateRules s_rules = new() { UpdatesPerSnapshot = 4, ColdSnapshotInterval = 200 };

    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly SharingBreak _broken;
    private readonly ScenarioTopics _topics = new();
    private readonly List<(long Offset, StoredRecord Record)> _log = [];
    private readonly Dictionary<ShardTimer, long> _timers = [];
    private readonly List<ShardBatch> _underWay = [];
    private Shard<ShareStateMachine> _shard;
    private long _end;

    public SimulatedStates(Random chance, Happenings seen, SharingBreak broken)
    {
        (_chance, _seen, _broken) = (chance, seen, broken);
        _topics.Set("t", 1);
        Key = new SharePartitionKey("g", _topics.IdOf("t"), 0);
        _shard = Load(0);
    }

    public SharePartitionKey Key { get; }

    public void Initialize(long now, int stateEpoch, long start, Action<ErrorCode> answered)
    {
        var result = new InitializeShareGroupStateResponse.PartitionResult();
        var asked = new InitializeShareGroupStateRequest.PartitionState { StateEpoch = stateEpoch, StartOffset = start };
        Run(now, () => answered(result.ErrorCode), answered, (machine, outcome) => machine.Initialize(Key, asked, result, outcome));
    }

    public void Read(long now, int leaderEpoch, Action<ReadShareGroupStateResponse.PartitionResult> answered)
    {
        var result = new ReadShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result), error => answered(new ReadShareGroupStateResponse.PartitionResult { ErrorCode = error }), (machine, outcome) => machine.Read(Key, new() { LeaderEpoch = leaderEpoch }, result, outcome));
    }

    public void Write(long now, WriteShareGroupStateRequest.PartitionState asked, Action<ErrorCode> answered)
    {
        if (_broken == SharingBreak.IgnoresLeaderEpochs) asked.LeaderEpoch = -1;
        var result = new WriteShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result.ErrorCode), answered, (machine, outcome) => machine.Write(Key, asked, result, outcome));
    }

    /// <summary>One thing happens here by itself.</summary>
    public void Step(long now, bool isCalm)
    {
        _underWay.AddRange(_shard.TakeBatches());
        if (_underWay.Count > 0 && (isCalm || _chance.Next(2) == 0)) EndAppend(now, fails: !isCalm && _chance.Next(8) == 0);
        foreach (var (timer, due) in _timers.ToList())
        {
            if (due > now) continue;
            _timers.Remove(timer);
            _shard.Run(now, null, (machine, outcome) => machine.Elapsed(timer, outcome));
        }

        if (_chance.Next(10) == 0) Prune();
        if (!isCalm && _chance.Next(40) == 0) Restart(now);
    }

    public long StoredStart(long now)
    {
        var told = new ReadShareGroupStateSummaryResponse.PartitionResult();
        _shard.Run(now, null, (machine, _) => machine.Summarize(Key, told));
        return told.StartOffset;
    }

    private void Run(long now, Action done, Action<ErrorCode> failed, Action<ShareStateMachine, Outcome> action)
    {
        var reply = new Once(done, failed);
        _shard.Run(now, reply, (machine, outcome) =>
        {
            action(machine, outcome);
            outcome.Send(reply);
        });
    }

    private void EndAppend(long now, bool fails)
    {
        if (fails)
        {
            _seen.Note("an append failed");
            var first = _underWay[0];
            _underWay.Clear();
            _shard.Failed(now, first, ErrorCode.NotEnoughReplicas, null);
            return;
        }

        var batch = _underWay[0];
        _underWay.RemoveAt(0);
        batch.BaseOffset = _end;
        foreach (var record in batch.Records) _log.Add((_end++, record));
        _shard.Committed(batch);
    }

    /// <summary>An append that was under way may have come through or not.</summary>
    private void Restart(long now)
    {
        _seen.Note("the share coordinator restarted");
        foreach (var batch in _underWay.Take(_chance.Next(_underWay.Count + 1)))
        {
            foreach (var record in batch.Records) _log.Add((_end++, record));
        }

        _underWay.Clear();
        _shard.Drop(now, "restart");
        _shard = Load(now);
    }

    private void Prune()
    {
        var needed = _shard.Machine.FirstNeeded + (_broken == SharingBreak.PrunesTooMuch ? 3 : 0);
        if (_log.RemoveAll(entry => entry.Offset < needed) > 0) _seen.Note("pruned");
    }

    private Shard<ShareStateMachine> Load(long now)
    {
        _timers.Clear();
        var machine = new ShareStateMachine(static () => s_rules, () => _topics);
        foreach (var (offset, record) in _log)
        {
            var (key, value) = RecordForm.Decode(Topic, record.Key, record.Value)!.Value;
            machine.Replay(key, value, null);
            machine.Stands(key, value is null, offset);
        }

        var shard = new Shard<ShareStateMachine>(machine, (timer, after) => _timers[timer] = after is { } time ? now + (long)time.TotalMilliseconds : long.MaxValue, static fault => throw new InvalidOperationException("the share coordinator threw", fault));
        shard.Loaded(now);
        return shard;
    }

    private sealed class Once(Action done, Action<ErrorCode> failed) : PendingReply
    {
        private bool _isGiven;

        public override void Send() => Give(done);

        public override void Fail(ErrorCode code, string? message) => Give(() => failed(code));

        private void Give(Action how)
        {
            if (_isGiven) return;
            _isGiven = true;
            how();
        }
    }
}
