using Moldau.Broker.Partitions;
using Moldau.Broker.Sharing.DeadLetters;
using Moldau.Broker.Timing;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Sharing;

/// <summary>
/// Drives the machine of one share-partition: events one after the other, by whoever comes. Its state is read before the first,
/// and what each changes is written by <see cref="ShareWrites"/>.
/// </summary>
internal sealed class SharePartition
{
    private readonly PartitionQueue _queue = new();
    private readonly SharingParts _parts;
    private readonly SharePartitions _table;
    private readonly Partition _partition;
    private readonly ShareGroup _group;
    private readonly Alarm _locks;
    private readonly ShareWrites _writes;
    private readonly DeadLetterRounds _dead;
    private SharePartitionMachine? _machine;
    private ShareRead? _read;
    private ShareFault? _fault;
    private bool _isLoading;
    private volatile bool _isChecking;
    private bool _mayGo;
    private bool _isGone;
    private long _freed;
    private long _inFlight;
    private long _due = long.MaxValue;

    public SharePartition(ShareKey key, Partition partition, ShareGroup group, SharePartitions table, SharingParts parts)
    {
        (Key, _partition, _group, _table, _parts) = (key, partition, group, table, parts);
        LeaderEpoch = partition.LeaderEpoch;
        _dead = new DeadLetterRounds(group.Name, partition.Name, parts.Log);
        _locks = new Alarm(this, static self => self.LocksElapsed());
        _writes = new ShareWrites(this, group.Writer, parts.Delays, new Alarm(this, static self => self.GoOnWriting()));
    }

    public ShareKey Key { get; }

    public int LeaderEpoch { get; }

    /// <summary>Of the state that was read.</summary>
    public int StateEpoch { get; private set; }

    /// <summary>Whether its state was read, and counts.</summary>
    public bool IsLoaded => Volatile.Read(ref _machine) is not null && !_isChecking;

    /// <summary>Records from the first that is not done with to the last ever given that are not done with. Asked for by anybody.</summary>
    public long InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Fetches that found nothing here.</summary>
    public FetchWaits Waits { get; } = new();

    /// <summary>Acquires what nobody has. Where the state is not read yet that begins, and nothing is got.</summary>
    public Task TakeAsync(ShareTake take) => _queue.RunAsync(() => Take(take));

    /// <summary>How many bytes there may be to take; all that was asked for where something is wrong, which who takes is told.</summary>
    public async Task<int> MeasureAsync(int maxBytes)
    {
        var bytes = 0;
        await _queue.RunAsync(() => bytes = Measure(maxBytes)).ConfigureAwait(false);
        return bytes;
    }

    /// <returns>Null when it is stored, or needs not be.</returns>
    public async Task<ShareFault?> AcknowledgeAsync(string member, IReadOnlyList<AcknowledgedRange> ranges)
    {
        // Whoever is told goes on at once, in an event of this: he has nothing to do but to answer.
        var told = new TaskCompletionSource<ShareFault?>();
        await _queue.RunAsync(() => Acknowledge(member, ranges, told)).ConfigureAwait(false);
        return await told.Task.ConfigureAwait(false);
    }

    /// <summary>The member has gone, from here at least. Told by whoever has answered its last acknowledgements, who may be the one that has flushed them.</summary>
    public Task ReleaseAsync(string member) => _queue.RunAsync(() =>
    {
        if (_machine is not { } machine || _fault is not null) return;
        machine.Release(member, Now);
        Settle(machine);
    }, isAlone: true);

    /// <summary>The group has no sessions here: it is let go of once nobody has anything. What is stored is the whole then.</summary>
    public Task MayGoAsync() => _queue.RunAsync(() =>
    {
        _mayGo = true;
        if (_machine is { } machine && _fault is null) Settle(machine);
    }, isAlone: true);

    /// <summary>Told by the thread that has flushed: what others want, reads among it, is left to others.</summary>
    public void WriteEnded(ErrorCode error, string? message) => Run(() => EndWrite(error, message), isAlone: true);

    /// <summary>Whoever comes is told so; somebody who comes later begins anew.</summary>
    public Task EndAsync(ShareFault fault) => _queue.RunAsync(() => End(fault));

    private long Now => _parts.Delays.Now;

    /// <summary>An event that nobody waits for.</summary>
    private void Run(Action action, bool isAlone = false) => _queue.RunAsync(() =>
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What it knows may be half of something; what is stored is the whole.
            _parts.Log.SharingFailed(Key.Group, fault);
            End(new ShareFault(ErrorCode.UnknownServerError, "the broker failed at the group's records; its log says how"));
        }
    }, isAlone);

    private void Take(ShareTake take)
    {
        take.Clear();
        take.IsOfGone = _isGone;
        if (_fault is null && _partition.IsDeleted) End(new ShareFault(ErrorCode.UnknownTopicOrPartition, $"{_partition.Name} was deleted"));
        if (_fault is { } fault)
        {
            take.Fault = fault;
            return;
        }

        ComeBack();
        if (_machine is not { } machine)
        {
            Load();
            return;
        }

        if (_isChecking) return;
        if (_partition.Log is not { } log)
        {
            take.Fault = new ShareFault(ErrorCode.KafkaStorageError, _partition.OfflineReason ?? $"{_partition.Name} is offline");
            return;
        }

        machine.Elapsed(Now);
        _read!.Run(log, take, _group.Rules.Settings.ShareReadsCommitted, Now);
        if (take.Count > 0) _parts.Counts.Acquire(take.Count);
        Settle(machine);
    }

    private int Measure(int maxBytes)
    {
        if (_fault is not null || _partition.Log is not { } log) return maxBytes;
        ComeBack();
        if (_machine is { } machine)
        {
            if (_isChecking) return 0;
            machine.Elapsed(Now);
            return _read!.Measure(log, maxBytes, _group.Rules.Settings.ShareReadsCommitted);
        }

        Load();
        return 0;
    }

    private void Acknowledge(string member, IReadOnlyList<AcknowledgedRange> ranges, TaskCompletionSource<ShareFault?> told)
    {
        if (_fault is { } fault)
        {
            told.SetResult(fault);
            return;
        }

        if (_machine is not { } machine)
        {
            told.SetResult(new ShareFault(ErrorCode.InvalidRecordState, $"nobody has records of {_partition.Name} yet"));
            return;
        }

        machine.Elapsed(Now);
        var result = machine.Acknowledge(member, ranges, Now);
        if (result.Error != ErrorCode.None) told.SetResult(new ShareFault(result.Error, result.Message!));
        else if (result.MustStore) _writes.Await(told);
        else told.SetResult(null);
        if (result.Error == ErrorCode.None) Count(ranges);
        Settle(machine);
    }

    private void Count(IReadOnlyList<AcknowledgedRange> ranges)
    {
        var records = 0L;
        for (var i = 0; i < ranges.Count; i++) records += ranges[i].Last - ranges[i].First + 1;
        _parts.Counts.Acknowledge(records);
    }

    /// <summary>While the group had no sessions it could be sent elsewhere, or deleted: what is known here may not count any more.</summary>
    private void ComeBack()
    {
        if (!_mayGo) return;
        _mayGo = false;
        if (_machine is null || _isChecking) return;
        _isChecking = true;
        _ = CheckAsync();
    }

    private async Task CheckAsync()
    {
        await IsCurrentAsync().ConfigureAwait(false);
        _isChecking = false;
        Waits.WakeAll();
    }

    /// <returns>False where it is not, and has ended for that.</returns>
    private async Task<bool> IsCurrentAsync()
    {
        try
        {
            if (await ShareStateReader.FaultAsync(Key, LeaderEpoch, StateEpoch, _parts.Peers, _parts.Clock).ConfigureAwait(false) is not { } fault) return true;
            await EndAsync(fault).ConfigureAwait(false);
            return false;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The next write finds it out.
            _parts.Log.SharingFailed(Key.Group, fault);
            return true;
        }
    }

    private void Load()
    {
        if (_isLoading) return;
        _isLoading = true;
        _ = LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var row = await ShareStateReader.ReadAsync(Key, LeaderEpoch, _parts.Peers, _parts.Clock).ConfigureAwait(false);
            await _queue.RunAsync(() => Begin(row)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _parts.Log.SharingFailed(Key.Group, fault);
            await EndAsync(new ShareFault(ErrorCode.UnknownServerError, "the broker failed at reading the group's state; its log says how")).ConfigureAwait(false);
        }
    }

    private void Begin(ReadShareGroupStateResponse.PartitionResult row)
    {
        if (_fault is not null) return;
        if (row.ErrorCode != ErrorCode.None)
        {
            End(ShareFault.Of(row.ErrorCode, row.ErrorMessage));
            return;
        }

        if (_partition.Log is not { } log)
        {
            End(new ShareFault(ErrorCode.KafkaStorageError, _partition.OfflineReason ?? $"{_partition.Name} is offline"));
            return;
        }

        var machine = new SharePartitionMachine(() => _group.Rules.Deliveries);
        var isDecided = row.StartOffset < 0;
        var start = !isDecided ? row.StartOffset : ShareStart.Of(_partition, log, _group.Rules.Settings.ShareOffsetReset, _parts.Clock.GetUtcNow());
        var stored = new List<StateChange>(row.StateBatches.Count);
        foreach (var batch in row.StateBatches) stored.Add(new StateChange(batch.FirstOffset, batch.LastOffset, (DeliveryState)batch.DeliveryState, batch.DeliveryCount));
        machine.Begin(start, stored, isDecided);
        machine.StartMoved(log.StartOffset);
        (_machine, _read, StateEpoch) = (machine, new ShareRead(_partition, machine), row.StateEpoch);
        Settle(machine);
        Waits.WakeAll();
    }

    private void EndWrite(ErrorCode error, string? message)
    {
        if (_fault is not null || _machine is not { } machine) return;
        if (error != ErrorCode.None && !ShareFault.IsPassing(error)) End(ShareFault.Of(error, message));
        else if (_writes.Ended(machine, error, message, Now)) Settle(machine);
    }

    private void GoOnWriting()
    {
        if (_fault is not null || _machine is not { } machine) return;
        _writes.GoOn();
        Settle(machine);
    }

    private void LocksElapsed()
    {
        if (_fault is not null || _machine is not { } machine) return;
        _due = long.MaxValue;
        machine.Elapsed(Now);
        Settle(machine);
    }

    /// <summary>Behind each event: what is to be written goes, who waits is told, and the next deadline is watched.</summary>
    private void Settle(SharePartitionMachine machine)
    {
        Volatile.Write(ref _inFlight, machine.InFlight);
        if (_dead.Begin(machine) is { } dead) Copy(dead, isAlone: _mayGo);
        _writes.Begin(machine);
        if (machine.Freed != _freed)
        {
            _freed = machine.Freed;
            Waits.WakeAll();
        }

        if (machine.Deadline < _due)
        {
            _due = machine.Deadline;
            _parts.Delays.Schedule(_locks, _due - Now);
        }

        if (!_mayGo || !machine.IsAtRest) return;
        _isGone = true;
        End(new ShareFault(ErrorCode.NotLeaderOrFollower, "the share-partition was let go of just now; it is there again with the next fetch"));
    }

    /// <summary>Not by whoever is here, nor within an event: it reads.</summary>
    private void Copy(IReadOnlyList<DeadRange> dead, bool isAlone) => _ = Task.Run(() => CopyAsync(dead, isAlone));

    private async Task CopyAsync(IReadOnlyList<DeadRange> dead, bool isAlone)
    {
        // A group that was deleted, or sent elsewhere, has no dead letters from before.
        if (isAlone && !await IsCurrentAsync().ConfigureAwait(false)) return;
        IReadOnlyList<DeadLetterFate> fates;
        try
        {
            fates = await _group.Copier.CopyAsync(_partition, dead).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _parts.Log.SharingFailed(Key.Group, fault);
            fates = [.. dead.Select(range => new DeadLetterFate(range.First, range.Last, DeadLetterEnd.Failed, fault.Message))];
        }

        Run(() =>
        {
            if (_fault is not null || _machine is not { } machine) return;
            _dead.End(machine, _group.Rules.Settings.DeadLetterTopic, fates, Now);
            Settle(machine);
        });
    }

    private void End(ShareFault fault)
    {
        if (_fault is not null) return;
        _fault = fault;
        _table.Remove(this, _group);
        _parts.Delays.Cancel(_locks);
        _writes.End(fault);
        Waits.WakeAll();
    }

    private sealed class Alarm(SharePartition partition, Action<SharePartition> elapsed) : Delay
    {
        public override void Elapsed() => partition.Run(() => elapsed(partition));
    }
}
