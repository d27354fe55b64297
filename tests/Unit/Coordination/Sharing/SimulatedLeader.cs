using Moldau.Coordination.Deliveries;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>A leader of the share-partition, as a broker drives one: it reads the state, gives records, and stores what is said of them before it answers.</summary>
internal sealed class SimulatedLeader(SharePartitionKey key, int epoch, SimulatedStates states, SimulatedNetwork network, DeliveryRules rules)
{
    private const int Patience = 60;

    private int _question;
    private long _asked = long.MinValue;
    private int _stateEpoch;
    private bool _isSilent;

    public int Epoch { get; } = epoch;

    /// <summary>Null before the state is read.</summary>
    public SharePartitionMachine? Machine { get; private set; }

    /// <summary>Somebody else leads, and it has noticed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Told of each write's end, and whether it succeeded.</summary>
    public Action<bool> WriteEnded { get; set; } = static _ => { };

    public Action WriteTaken { get; set; } = static () => { };

    /// <summary>The group has no sessions here any more.</summary>
    public void LetGo() => IsOver = true;

    /// <summary>As <see cref="LetGo"/>, and what it has said and nobody has heard yet is gone with the group: epochs begin anew, and would not tell it apart.</summary>
    public void Silence() => (IsOver, _isSilent) = (true, true);

    public void Step(long now, bool looksAtDeadlines)
    {
        if (IsOver) return;
        if (_asked > long.MinValue && now - _asked < Patience) return;
        // Whoever gets no answer in time is told that there is none.
        if (_asked > long.MinValue && Machine is not null) EndWrite(now, ErrorCode.RequestTimedOut);
        if (IsOver) return;
        if (Machine is not { } machine)
        {
            Read(now);
            return;
        }

        if (looksAtDeadlines) machine.Elapsed(now);
        if (machine.MustWrite) Write(now, machine);
    }

    private void Read(long now)
    {
        var question = ++_question;
        _asked = now;
        network.Send(now, () => states.Read(now, key, Epoch, result => network.Send(now, () =>
        {
            if (question != _question || Machine is not null) return;
            _asked = long.MinValue;
            if (result.ErrorCode == ErrorCode.FencedLeaderEpoch) IsOver = true;
            if (result.ErrorCode != ErrorCode.None) return;
            _stateEpoch = result.StateEpoch;
            Machine = new SharePartitionMachine(() => rules);
            // A group that has not decided begins with the first record.
            Machine.Begin(Math.Max(0, result.StartOffset), result.StateBatches.Select(static batch => new StateChange(batch.FirstOffset, batch.LastOffset, (DeliveryState)batch.DeliveryState, batch.DeliveryCount)));
        })));
    }

    private void Write(long now, SharePartitionMachine machine)
    {
        var (question, write) = (++_question, machine.TakeWrite());
        _asked = now;
        WriteTaken();
        network.Send(now, () =>
        {
            if (_isSilent) return;
            states.Write(now, key, Asked(write), error => network.Send(now, () =>
            {
                if (question == _question && _asked > long.MinValue) EndWrite(now, error);
            }));
        });
    }

    private void EndWrite(long now, ErrorCode error)
    {
        _asked = long.MinValue;
        _question++;
        if (error is ErrorCode.FencedLeaderEpoch or ErrorCode.FencedStateEpoch or ErrorCode.InvalidRequest or ErrorCode.UnknownTopicOrPartition)
        {
            IsOver = true;
            WriteEnded(false);
            return;
        }

        WriteEnded(error == ErrorCode.None);
        Machine!.Stored(error == ErrorCode.None, now);
    }

    private WriteShareGroupStateRequest.PartitionState Asked(StateWrite write)
    {
        var asked = new WriteShareGroupStateRequest.PartitionState { StateEpoch = _stateEpoch, LeaderEpoch = Epoch, StartOffset = write.StartOffset, DeliveryCompleteCount = write.DoneCount };
        foreach (var change in write.Changes)
            asked.StateBatches.Add(new() { FirstOffset = change.First, LastOffset = change.Last, DeliveryState = (sbyte)change.State, DeliveryCount = change.Count });
        return asked;
    }
}
