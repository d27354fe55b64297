using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.ShareStates;

/// <summary>The states of share-partitions as records, there and back.</summary>
internal static class ShareStateRecords
{
    public static ShareSnapshotKey Key(in SharePartitionKey key) => new() { GroupId = key.Group, TopicId = key.Topic, Partition = key.Partition };

    public static void Snapshot(in SharePartitionKey key, ShareState state, Outcome outcome)
    {
        var value = new ShareSnapshotValue
        {
            SnapshotEpoch = state.SnapshotEpoch, StateEpoch = state.StateEpoch, LeaderEpoch = state.LeaderEpoch, StartOffset = state.StartOffset,
            DeliveryCompleteCount = state.CompleteCount, CreateTimestamp = state.Created, WriteTimestamp = state.Written,
        };
        foreach (var range in state.Ranges)
            value.StateBatches.Add(new ShareSnapshotValue.Batch { FirstOffset = range.First, LastOffset = range.Last, DeliveryState = range.State, DeliveryCount = range.Deliveries });
        outcome.Append(Key(key), value);
    }

    /// <param name="change">Only what is new of it: the ranges said, and a start offset of -1 where that stays.</param>
    public static void Update(in SharePartitionKey key, ShareState change, Outcome outcome)
    {
        var value = new ShareUpdateValue { SnapshotEpoch = change.SnapshotEpoch, LeaderEpoch = change.LeaderEpoch, StartOffset = change.StartOffset, DeliveryCompleteCount = change.CompleteCount };
        foreach (var range in change.Ranges)
            value.StateBatches.Add(new ShareUpdateValue.Batch { FirstOffset = range.First, LastOffset = range.Last, DeliveryState = range.State, DeliveryCount = range.Deliveries });
        outcome.Append(new ShareUpdateKey { GroupId = key.Group, TopicId = key.Topic, Partition = key.Partition }, value);
    }

    /// <param name="value">A snapshot: all there is.</param>
    /// <param name="known">What was known before; null for nothing.</param>
    /// <param name="updatesPerSnapshot">A snapshot in between, of one that is cold or initialized anew, does not begin the count anew.</param>
    public static ShareState Read(ShareSnapshotValue value, ShareState? known, int updatesPerSnapshot) => new()
    {
        SnapshotEpoch = value.SnapshotEpoch,
        StateEpoch = value.StateEpoch,
        LeaderEpoch = value.LeaderEpoch,
        StartOffset = value.StartOffset,
        CompleteCount = value.DeliveryCompleteCount,
        Created = value.CreateTimestamp,
        Written = value.WriteTimestamp,
        Ranges = [.. value.StateBatches.Select(static batch => new StateRange(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount))],
        Updates = known is not null && known.Updates < updatesPerSnapshot ? known.Updates : 0,
        FencedLeaderEpoch = Math.Max(value.LeaderEpoch, known?.FencedLeaderEpoch ?? ShareState.NoEpoch),
        FencedStateEpoch = Math.Max(value.StateEpoch, known?.FencedStateEpoch ?? ShareState.NoEpoch),
    };

    /// <param name="value">What has changed.</param>
    /// <param name="known">Null where the snapshot it builds on was cut off: a later one comes.</param>
    public static ShareState Read(ShareUpdateValue value, ShareState? known)
    {
        var said = new StateRange[value.StateBatches.Count];
        for (var index = 0; index < said.Length; index++)
        {
            var batch = value.StateBatches[index];
            said[index] = new StateRange(batch.FirstOffset, batch.LastOffset, batch.DeliveryState, batch.DeliveryCount);
        }

        var before = known ?? new ShareState { SnapshotEpoch = value.SnapshotEpoch };
        var start = value.StartOffset == StateRanges.NoStart ? before.StartOffset : value.StartOffset;
        return before with
        {
            LeaderEpoch = value.LeaderEpoch == ShareState.NoEpoch ? before.LeaderEpoch : value.LeaderEpoch,
            StartOffset = start,
            CompleteCount = value.DeliveryCompleteCount,
            Ranges = StateRanges.Merge(before.Ranges, said, start),
            Updates = before.Updates + 1,
            FencedLeaderEpoch = Math.Max(value.LeaderEpoch, before.FencedLeaderEpoch),
        };
    }
}
