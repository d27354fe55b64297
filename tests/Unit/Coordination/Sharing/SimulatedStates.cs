using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A share coordinator, of whose log what is superfluous is cut off.</summary>
internal sealed class SimulatedStates
{
    private static readonly ShareStateRules s_rules = new() { UpdatesPerSnapshot = 4, ColdSnapshotInterval = 200 };

    private readonly Random _chance;
    private readonly Happenings _seen;
    private readonly SharingBreak _broken;
    private readonly SimulatedShard<ShareStateMachine> _shard;

    public SimulatedStates(ITopicDirectory topics, Random chance, Happenings seen, SharingBreak broken = SharingBreak.None)
    {
        (_chance, _seen, _broken) = (chance, seen, broken);
        _shard = new SimulatedShard<ShareStateMachine>("share coordinator", "__share_group_state", () => new ShareStateMachine(static () => s_rules, () => topics), chance, seen);
    }

    /// <summary>How many share-partitions have a state.</summary>
    public int Count => _shard.Machine.Count;

    public void Initialize(long now, SharePartitionKey key, InitializeShareGroupStateRequest.PartitionState asked, Action<ErrorCode> answered)
    {
        var result = new InitializeShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result.ErrorCode), answered, (machine, outcome) => machine.Initialize(key, asked, result, outcome));
    }

    public void Delete(long now, SharePartitionKey key, Action<ErrorCode> answered)
    {
        var result = new DeleteShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result.ErrorCode), answered, (machine, outcome) => machine.Delete(key, result, outcome));
    }

    public void Read(long now, SharePartitionKey key, int leaderEpoch, Action<ReadShareGroupStateResponse.PartitionResult> answered)
    {
        var result = new ReadShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result), error => answered(new ReadShareGroupStateResponse.PartitionResult { ErrorCode = error }), (machine, outcome) => machine.Read(key, new() { LeaderEpoch = leaderEpoch }, result, outcome));
    }

    public void Write(long now, SharePartitionKey key, WriteShareGroupStateRequest.PartitionState asked, Action<ErrorCode> answered)
    {
        if (_broken == SharingBreak.IgnoresLeaderEpochs) asked.LeaderEpoch = -1;
        var result = new WriteShareGroupStateResponse.PartitionResult();
        Run(now, () => answered(result.ErrorCode), answered, (machine, outcome) => machine.Write(key, asked, result, outcome));
    }

    /// <param name="ended">Whether it is written.</param>
    public void ForgetTopic(long now, Uuid topic, Action<bool> ended) =>
        Run(now, () => ended(true), _ => ended(false), (machine, outcome) => machine.ForgetTopic(topic, outcome));

    /// <summary>One thing happens here by itself.</summary>
    public void Step(long now, bool isCalm)
    {
        _shard.Step(now, isCalm);
        if (_chance.Next(10) == 0) Prune();
        if (!isCalm && _chance.Next(40) == 0) _shard.Restart(now);
    }

    public long StoredStart(long now, SharePartitionKey key)
    {
        var told = new ReadShareGroupStateSummaryResponse.PartitionResult();
        _shard.Run(now, null, (machine, _) => machine.Summarize(key, told));
        return told.StartOffset;
    }

    public bool Has(SharePartitionKey key) => Told(_shard.Machine, key).ErrorCode == ErrorCode.None;

    /// <summary>What the log says is what it knows.</summary>
    public void CheckLog(IEnumerable<SharePartitionKey> keys)
    {
        if (!_shard.IsStored) return;
        var replayed = _shard.Replayed();
        if (replayed.Count != Count) throw new InvalidOperationException($"the share coordinator's log has {replayed.Count} states, and it knows {Count}");
        foreach (var key in keys)
        {
            var (known, found) = (Words(_shard.Machine, key), Words(replayed, key));
            if (known != found) throw new InvalidOperationException($"of {key} the share coordinator knows {known}, and its log says {found}");
        }
    }

    private static string Words(ShareStateMachine machine, SharePartitionKey key)
    {
        var summary = new ReadShareGroupStateSummaryResponse.PartitionResult();
        machine.Summarize(key, summary);
        var read = Told(machine, key);
        return $"{read.ErrorCode} epochs {summary.StateEpoch} {summary.LeaderEpoch} start {summary.StartOffset} done {summary.DeliveryCompleteCount} "
            + string.Join(' ', read.StateBatches.Select(static batch => $"{batch.FirstOffset}-{batch.LastOffset}:{batch.DeliveryState}:{batch.DeliveryCount}"));
    }

    /// <summary>As nobody in particular asks: nothing is written.</summary>
    private static ReadShareGroupStateResponse.PartitionResult Told(ShareStateMachine machine, SharePartitionKey key)
    {
        var read = new ReadShareGroupStateResponse.PartitionResult();
        machine.Read(key, new() { LeaderEpoch = -1 }, read, new Outcome(machine));
        return read;
    }

    private void Run(long now, Action done, Action<ErrorCode> failed, Action<ShareStateMachine, Outcome> action)
    {
        var reply = new OnceReply(done, failed);
        _shard.Run(now, reply, (machine, outcome) =>
        {
            action(machine, outcome);
            outcome.Send(reply);
        });
    }

    private void Prune()
    {
        var needed = _shard.Machine.FirstNeeded + (_broken == SharingBreak.PrunesTooMuch ? 3 : 0);
        if (_shard.Log.RemoveAll(entry => entry.Offset < needed) > 0) _seen.Note("pruned");
    }
}
