using Moldau.Coordination.Groups;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.ShareStates;

/// <summary>
/// The coordinator of the share-partitions whose names fall to one partition of <c>__share_group_state</c>. Each event is about
/// one of them, and fills its row of an answer; several are one event of the shard where they came together.
/// </summary>
public sealed class ShareStateMachine : IPrunedMachine
{
    private const string ColdTimer = "cold-snapshots";

    private readonly Func<ShareStateRules> _rules;
    private readonly DurableMap<SharePartitionKey, ShareState> _states;
    private readonly NeededOffsets _needed = new();
    private readonly ShareStateChecks _checks;

    /// <param name="rules">Asked at each event.</param>
    /// <param name="topics">As known now.</param>
    public ShareStateMachine(Func<ShareStateRules> rules, Func<ITopicDirectory> topics)
    {
        _rules = rules;
        _states = new(Undo);
        _checks = new ShareStateChecks(_states, topics);
    }

    public UndoLog Undo { get; } = new();

    public long FirstNeeded => _needed.First;

    /// <summary>How many share-partitions have a state.</summary>
    public int Count => _states.Count;

    /// <summary>InitializeShareGroupState, of one partition: a state without records, whatever there was.</summary>
    public void Initialize(in SharePartitionKey key, InitializeShareGroupStateRequest.PartitionState asked, InitializeShareGroupStateResponse.PartitionResult told, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(outcome);
        told.Partition = key.Partition;
        (told.ErrorCode, told.ErrorMessage) = _checks.Initialize(key, asked.StateEpoch);
        if (told.ErrorCode != ErrorCode.None) return;
        var known = _states.Find(key);
        if (known is not null && (asked.StartOffset == StateRanges.NoStart || asked.StateEpoch == known.StateEpoch))
        {
            // Said twice, or late: what has become of records since must not be lost. Kafka begins anew.
            Raise(key, known, asked.StateEpoch, outcome);
            return;
        }

        var state = new ShareState
        {
            SnapshotEpoch = known is null ? 0 : known.SnapshotEpoch + 1,
            StateEpoch = asked.StateEpoch,
            StartOffset = asked.StartOffset,
            CompleteCount = asked.StartOffset == StateRanges.NoStart ? -1 : 0,
            Created = outcome.Now,
            Written = outcome.Now,
        };
        ShareStateRecords.Snapshot(key, state, outcome);
    }

    /// <summary>ReadShareGroupState, of one partition: from now on older leaders are refused.</summary>
    public void Read(in SharePartitionKey key, ReadShareGroupStateRequest.PartitionQuery asked, ReadShareGroupStateResponse.PartitionResult told, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(outcome);
        told.Partition = key.Partition;
        (told.ErrorCode, told.ErrorMessage) = _checks.Read(key, asked.LeaderEpoch);
        if (told.ErrorCode != ErrorCode.None) return;
        var state = _states.Find(key)!;
        (told.StateEpoch, told.StartOffset) = (state.StateEpoch, state.StartOffset);
        foreach (var range in state.Ranges)
            told.StateBatches.Add(new ReadShareGroupStateResponse.Batch { FirstOffset = range.First, LastOffset = range.Last, DeliveryState = range.State, DeliveryCount = range.Deliveries });
        // Initializing wrote none: what fences older ones must be in the log again, which Kafka leaves to its memory.
        if (asked.LeaderEpoch == ShareState.NoEpoch || (asked.LeaderEpoch == state.FencedLeaderEpoch && asked.LeaderEpoch == state.LeaderEpoch)) return;
        Change(key, state, state with { LeaderEpoch = asked.LeaderEpoch, Ranges = [] }, outcome);
    }

    /// <summary>WriteShareGroupState, of one partition.</summary>
    public void Write(in SharePartitionKey key, WriteShareGroupStateRequest.PartitionState asked, WriteShareGroupStateResponse.PartitionResult told, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(outcome);
        told.Partition = key.Partition;
        (told.ErrorCode, told.ErrorMessage) = _checks.Write(key, asked.LeaderEpoch, asked.StateEpoch);
        if (told.ErrorCode != ErrorCode.None) return;
        var said = new StateRange[asked.StateBatches.Count];
        for (var index = 0; index < said.Length; index++)
        {
            var batch = asked.StateBatches[index];
            said[index] = new StateRange(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount);
        }

        var state = _states.Find(key)!;
        // It comes late, or twice: of what lay below the start nothing is known any more, and it would be given to somebody again. Kafka goes back.
        var isLate = asked.StartOffset < state.StartOffset && asked.StartOffset != StateRanges.NoStart;
        var (start, complete) = isLate ? (StateRanges.NoStart, state.CompleteCount) : (asked.StartOffset, asked.DeliveryCompleteCount);
        Change(key, state, state with { StartOffset = start, CompleteCount = complete, Ranges = said }, outcome);
    }

    /// <summary>DeleteShareGroupState, of one partition; what is not there is deleted.</summary>
    public void Delete(in SharePartitionKey key, DeleteShareGroupStateResponse.PartitionResult told, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(outcome);
        told.Partition = key.Partition;
        (told.ErrorCode, told.ErrorMessage) = _checks.Topic(key);
        if (told.ErrorCode == ErrorCode.None && _states.Contains(key)) Forget(key, outcome);
    }

    /// <summary>ReadShareGroupStateSummary, of one partition.</summary>
    public void Summarize(in SharePartitionKey key, ReadShareGroupStateSummaryResponse.PartitionResult told)
    {
        ArgumentNullException.ThrowIfNull(told);
        told.Partition = key.Partition;
        (told.ErrorCode, told.ErrorMessage) = _checks.Topic(key);
        if (told.ErrorCode != ErrorCode.None) return;
        var state = _states.Find(key) ?? new ShareState();
        (told.StateEpoch, told.LeaderEpoch, told.StartOffset, told.DeliveryCompleteCount) = (state.StateEpoch, state.LeaderEpoch, state.StartOffset, state.CompleteCount);
    }

    /// <summary>A topic is no more.</summary>
    public void ForgetTopic(Uuid topic, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        outcome.MayBeSplit = true;
        foreach (var key in _states.Keys.Where(key => key.Topic == topic).ToArray()) Forget(key, outcome);
    }

    public void Replay(IMessage key, IMessage? value, TransactionProducer? producer)
    {
        switch (key)
        {
            case ShareSnapshotKey snapshot:
                var of = new SharePartitionKey(snapshot.GroupId, snapshot.TopicId, snapshot.Partition);
                if (value is ShareSnapshotValue whole) _states.Set(of, ShareStateRecords.Read(whole, _states.Find(of), _rules().UpdatesPerSnapshot));
                else _states.Remove(of);
                break;
            case ShareUpdateKey update when value is ShareUpdateValue change:
                var changed = new SharePartitionKey(update.GroupId, update.TopicId, update.Partition);
                _states.Set(changed, ShareStateRecords.Read(change, _states.Find(changed)));
                break;
        }
    }

    public void Stands(IMessage key, bool isTombstone, long offset) => _needed.Stands(key, isTombstone, offset);

    /// <summary>Nobody writes to this topic in a transaction.</summary>
    public void ReplayMarker(TransactionProducer producer, bool isCommit)
    {
    }

    public void Loaded(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ScheduleCold(outcome);
    }

    public void Elapsed(ShardTimer timer, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (timer.Kind != ColdTimer) return;
        SnapshotCold(outcome);
        ScheduleCold(outcome);
    }

    public void RolledBack(Outcome outcome)
    {
    }

    public void Dropped(Outcome outcome)
    {
    }

    /// <summary>What was said in an epoch before, and comes yet, is too late.</summary>
    private static void Raise(in SharePartitionKey key, ShareState known, int stateEpoch, Outcome outcome)
    {
        if (stateEpoch > known.StateEpoch) ShareStateRecords.Snapshot(key, known with { SnapshotEpoch = known.SnapshotEpoch + 1, StateEpoch = stateEpoch, Written = outcome.Now }, outcome);
    }

    /// <param name="change">What is new: its ranges, and a start offset of -1 where that stays.</param>
    private void Change(in SharePartitionKey key, ShareState state, ShareState change, Outcome outcome)
    {
        outcome.MayBeSplit = true;
        if (state.Updates < _rules().UpdatesPerSnapshot)
        {
            ShareStateRecords.Update(key, change with { Ranges = StateRanges.Merge([], change.Ranges, change.StartOffset) }, outcome);
            return;
        }

        var start = change.StartOffset == StateRanges.NoStart ? state.StartOffset : change.StartOffset;
        ShareStateRecords.Snapshot(key, change with
        {
            SnapshotEpoch = state.SnapshotEpoch + 1,
            StartOffset = start,
            Ranges = StateRanges.Merge(state.Ranges, change.Ranges, start),
            Created = outcome.Now,
            Written = outcome.Now,
        }, outcome);
    }

    private static void Forget(in SharePartitionKey key, Outcome outcome) => outcome.Append(ShareStateRecords.Key(key), null);

    private void ScheduleCold(Outcome outcome) => outcome.SetTimer(new ShardTimer(ColdTimer, ""), TimeSpan.FromMilliseconds(_rules().ColdSnapshotInterval));

    /// <summary>
    /// One that nobody writes to would keep the log from being cut off behind it. Where all are such, nothing is to be gained:
    /// they lie together.
    /// </summary>
    private void SnapshotCold(Outcome outcome)
    {
        if (_states.Values.All(static state => state.Created != state.Written)) return;
        outcome.MayBeSplit = true;
        var interval = _rules().ColdSnapshotInterval;
        foreach (var (key, state) in _states.Where(entry => outcome.Now - entry.Value.Written >= interval).ToArray())
            ShareStateRecords.Snapshot(key, state with { SnapshotEpoch = state.SnapshotEpoch + 1, Written = outcome.Now }, outcome);
    }
}
