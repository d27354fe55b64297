using Moldau.Client.Connections;
using Moldau.Client.Consuming;
using Moldau.Client.Metadata;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Fetching;

/// <summary>What is to be asked, of whom, and what the answers mean: the side of those who place, check and fetch.</summary>
internal sealed class FetchPlan(PartitionTable table)
{
    // How much of one partition may wait, in answers of its full size.
    private const int AnswersAhead = 2;

    /// <summary>How many brokers share the bytes that may wait.</summary>
    public int Lanes { get; set; } = 1;

    public List<TopicPartition> Partitions()
    {
        lock (table.Gate) return [.. table.States.Keys];
    }

    /// <summary>Takes over who leads what. Where a leader is another than before, its log is held against what was read.</summary>
    /// <param name="cluster">As it is now.</param>
    /// <param name="nodes">Gets the brokers that are read from.</param>
    /// <returns>How long until something is to be tried again; null for never.</returns>
    public TimeSpan? Learn(ClusterSnapshot cluster, HashSet<int> nodes)
    {
        lock (table.Gate)
        {
            TimeSpan? wait = null;
            foreach (var state in table.States.Values)
            {
                if (table.Until(state.RetryAt) is var left && state.RetryAt != 0 && left > TimeSpan.Zero) wait = wait < left ? wait : left;
                var info = cluster.Find(state.Where);
                if (info is null || info.Leader < 0)
                {
                    if (state.Failure is null && left <= TimeSpan.Zero)
                    {
                        table.Fail(state, LeaderCalls.Missing(cluster, state.Where));
                        left = table.Until(state.RetryAt);
                        wait = wait < left ? wait : left;
                    }

                    continue;
                }

                var id = cluster.Topics[state.Where.Topic].Id;
                var isAnother = !id.IsZero && !state.TopicId.IsZero && id != state.TopicId;
                if (isAnother || info.LeaderEpoch < 0 || info.LeaderEpoch >= state.LeaderEpoch) Follow(state, info.Leader, info.LeaderEpoch, isAnother);
                state.TopicId = id;
                nodes.Add(state.Leader);
                if (state.Preferred >= 0) nodes.Add(state.Preferred);
            }

            return wait;
        }
    }

    /// <summary>Partitions that are to be placed, or checked, and which nobody is asking about.</summary>
    public List<(PartitionState State, long Fence)> TakeAsking(PartitionPhase phase)
    {
        lock (table.Gate)
        {
            List<(PartitionState, long)> found = [];
            foreach (var state in table.States.Values)
            {
                if (state.Phase != phase || state.IsAsking || state.Failure is not null || state.Leader < 0 || table.Until(state.RetryAt) > TimeSpan.Zero) continue;
                state.IsAsking = true;
                found.Add((state, state.Fence));
            }

            return found;
        }
    }

    /// <summary>Where a partition is begun, as its reader or the group said; and whether its end is to be found out too.</summary>
    public (StartPosition Start, bool NeedsEnd) StartOf(PartitionState state)
    {
        lock (table.Gate) return (state.Start, state.End < 0);
    }

    /// <summary>What is held against the log of a new leader.</summary>
    public OffsetPosition AheadOf(PartitionState state)
    {
        lock (table.Gate) return state.Ahead;
    }

    /// <summary>A place was found.</summary>
    public void Placed(PartitionState state, long fence, OffsetPosition at, long end)
    {
        lock (table.Gate)
        {
            if (state.Fence != fence) return;
            (state.Position, state.Ahead, state.Given) = (at, at, new Watermark(at.Offset));
            (state.IsAsking, state.Failures, state.RetryAt) = (false, 0, 0);
            if (state.End < 0) state.End = end;
            state.Phase = at.Offset >= state.End ? PartitionPhase.AtEnd : at.LeaderEpoch >= 0 && state.LeaderEpoch >= 0 ? PartitionPhase.Checking : PartitionPhase.Reading;
        }

        table.Changed();
        table.Ready.Ring();
    }

    /// <summary>What the leader has of the epoch that was read last.</summary>
    /// <param name="state">Of which partition.</param>
    /// <param name="fence">When it was asked.</param>
    /// <param name="end">Null where it cannot tell.</param>
    public void Checked(PartitionState state, long fence, OffsetPosition? end)
    {
        lock (table.Gate)
        {
            if (state.Fence != fence) return;
            (state.IsAsking, state.Failures, state.RetryAt) = (false, 0, 0);
            var verdict = end is { } told ? PositionRules.Check(state.Ahead, told) : default;
            if (!verdict.IsTruncated)
            {
                state.Phase = PartitionPhase.Reading;
            }
            else if (verdict.Diverges is { } ahead && ahead.Offset >= state.Position.Offset)
            {
                // Nobody was shown what is gone.
                state.Phase = PartitionPhase.Reading;
                table.FetchAgain(state);
            }
            else if (table.Options.Reset == OffsetReset.None)
            {
                table.Tell(state, new LogTruncationException(state.Where, state.Position, verdict.Diverges));
            }
            else
            {
                table.LogReset(state, "the log was cut back; it goes on where it parts");
                table.Begin(state, verdict.Diverges is { } there ? StartPosition.Offset(there.Offset) : StartPosition.Reset);
            }
        }

        table.Changed();
        table.Ready.Ring();
    }

    /// <summary>Something failed for a partition; it is tried again later, or its reader is told.</summary>
    public void Failed(PartitionState state, long fence, KafkaException failure)
    {
        lock (table.Gate)
        {
            if (state.Fence == fence) table.Fail(state, failure);
        }

        table.Changed();
    }

    /// <summary>A request failed as a whole: each of its partitions is asked for again, of its leader.</summary>
    public void LaneFailed(in FetchTarget target, KafkaException failure)
    {
        lock (table.Gate)
        {
            if (target.State.Fence != target.Fence) return;
            target.State.Preferred = -1;
            table.Fail(target.State, new KafkaException(failure.Code, failure.Message, target.Where.ToString(), failure) { IsTransient = failure.IsTransient });
        }

        table.Changed();
    }

    /// <summary>Nothing is known of the cluster.</summary>
    public void FailedAll(KafkaException failure)
    {
        lock (table.Gate)
        {
            foreach (var state in table.States.Values)
            {
                if (state.Failure is null && state.Phase != PartitionPhase.AtEnd && table.Until(state.RetryAt) <= TimeSpan.Zero) table.Fail(state, failure);
            }
        }
    }

    /// <summary>Something failed that nobody foresaw: whoever reads is told, and does not wait for ever.</summary>
    public void Broken(Exception bug)
    {
        lock (table.Gate)
        {
            foreach (var state in table.States.Values)
                table.Tell(state, new KafkaException(ErrorCode.UnknownServerError, $"reading broke: {bug.Message}; make another consumer", state.Where.ToString(), bug) { IsTransient = false, IsFatal = true });
        }
    }

    /// <summary>What is to be asked of one broker now.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="targets">Gets the partitions.</param>
    /// <param name="wait">How long until there is more to ask; null for never.</param>
    /// <returns>How many bytes may come; 0 for nothing.</returns>
    public int Plan(BrokerLane lane, List<FetchTarget> targets, out TimeSpan? wait)
    {
        targets.Clear();
        wait = null;
        lock (table.Gate)
        {
            var share = Math.Max(1, table.Options.PrefetchBytes / Math.Max(1, Lanes));
            // What cannot be read now takes no room from what can.
            while (lane.WaitingBytes >= share && table.Waiting.HeldAlone(lane) is { } held) table.FetchAgain(held);
            var room = share - lane.WaitingBytes;
            if (room <= 0) return 0;
            foreach (var state in table.States.Values)
            {
                if (state.Phase != PartitionPhase.Reading || state.IsHeld || state.IsBlocked || state.Failure is not null || NodeOf(state) != lane.Node) continue;
                if (state.WaitingBytes >= AnswersAhead * (long)table.Options.PartitionBytes) continue;
                if (state.RetryAt != 0 && table.Until(state.RetryAt) is var left && left > TimeSpan.Zero)
                {
                    wait = wait < left ? wait : left;
                    continue;
                }

                targets.Add(new FetchTarget(state, state.Fence, state.TopicId, state.Ahead.Offset, state.LeaderEpoch, Math.Min(table.Options.PartitionBytes, room), lane.Node != state.Leader));
            }

            return targets.Count == 0 ? 0 : Math.Min(room, table.Options.MaxBytes);
        }
    }

    /// <summary>What one answer says of a partition.</summary>
    public void Arrived(in FetchTarget target, FetchResponse.FetchedPartition answer, BrokerLane lane, AnswerFrame frame)
    {
        var bytes = answer.Records.Bytes;
        var ahead = BatchDecoder.Scan(bytes.Span, new OffsetPosition(target.Offset, -1), out var isDamaged);
        lock (table.Gate)
        {
            var state = target.State;
            if (state.Fence != target.Fence || state.Phase != PartitionPhase.Reading) return;
            if (answer.CurrentLeader is { LeaderId: >= 0 } leader && leader.LeaderEpoch > state.LeaderEpoch)
            {
                // It says itself who has it now: nobody else needs to be asked.
                Follow(state, leader.LeaderId, leader.LeaderEpoch, isAnother: false);
                table.Changed();
                return;
            }

            var meaning = PositionRules.Of(answer.ErrorCode, target.IsFollower);
            if (meaning != FetchMeaning.Records)
            {
                Refuse(state, meaning, answer);
                return;
            }

            (state.Failures, state.RetryAt) = (0, 0);
            state.LastEnd = table.Options.ReadCommitted && answer.LastStableOffset >= 0 ? answer.LastStableOffset : answer.HighWatermark;
            if (answer.PreferredReadReplica >= 0 && answer.PreferredReadReplica != state.Leader)
            {
                (state.Preferred, state.PreferredSince) = (answer.PreferredReadReplica, table.Client.Clock.GetTimestamp());
                table.Changed();
            }

            if (ahead.Offset == target.Offset && !isDamaged) return;
            state.Ahead = new OffsetPosition(ahead.Offset, Math.Max(ahead.LeaderEpoch, state.Ahead.LeaderEpoch));
            state.IsBlocked = isDamaged;
            if (state.Ahead.Offset >= state.End) state.Phase = PartitionPhase.AtEnd;
            frame.Retain();
            table.Waiting.Add(new FetchedPart(target, lane, frame, bytes, AbortedRanges.Of(answer)));
        }

        table.Ready.Ring();
    }

    private void Refuse(PartitionState state, FetchMeaning meaning, FetchResponse.FetchedPartition answer)
    {
        switch (meaning)
        {
            case FetchMeaning.AtLeader:
                state.Preferred = -1;
                // The leader may name the same replica again: to and fro, but not as fast as it goes.
                state.RetryAt = table.Later(table.BackOff.After(1));
                break;
            // What came before is read and done first: it may end right here.
            case FetchMeaning.OutOfRange when state.Position.Offset < state.Ahead.Offset || state.Given is { IsIdle: false }:
                state.RetryAt = table.Later(table.BackOff.After(++state.Failures));
                break;
            case FetchMeaning.OutOfRange when table.Options.Reset == OffsetReset.None:
                table.Tell(state, new OffsetOutOfRangeException(state.Where, state.Ahead.Offset));
                break;
            case FetchMeaning.OutOfRange:
                table.LogReset(state, "there is no such offset; it goes on where the reset says");
                table.Begin(state, StartPosition.Reset);
                break;
            default:
                state.Preferred = -1;
                table.Fail(state, KafkaException.Of(answer.ErrorCode, null, state.Where.ToString()));
                break;
        }

        table.Changed();
    }

    /// <summary>Another leader, or the same again in a later epoch: it may not have all that was read.</summary>
    private void Follow(PartitionState state, int leader, int epoch, bool isAnother)
    {
        var isNew = epoch > state.LeaderEpoch && state.LeaderEpoch >= 0;
        if (leader != state.Leader || isNew) (state.Preferred, state.RetryAt) = (-1, 0);
        (state.Leader, state.LeaderEpoch) = (leader, epoch);
        if (isAnother || !isNew || state.Ahead.LeaderEpoch < 0 || state.Phase != PartitionPhase.Reading) return;
        // What is on its way was asked of the old one, and is checked as if it had not come.
        state.Fence = table.NextFence();
        table.Waiting.Drop(state);
        state.Ahead = state.Position;
        state.IsBlocked = false;
        state.Phase = state.Position.LeaderEpoch >= 0 ? PartitionPhase.Checking : PartitionPhase.Reading;
    }

    private int NodeOf(PartitionState state)
    {
        if (state.Preferred >= 0 && table.Client.Clock.GetElapsedTime(state.PreferredSince) > table.Client.MetadataAge) state.Preferred = -1;
        return state.Preferred >= 0 ? state.Preferred : state.Leader;
    }
}
