using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Partitions;

/// <summary>
/// One partition as its leader has it: its log, how far consumers may see, and who waits for that to move. What writes runs
/// in <see cref="Queue"/>; what reads may come from any thread.
/// </summary>
internal sealed class Partition
{
    private readonly PartitionQueue _queue = new();
    private readonly FetchWaits _fetches = new();
    private readonly DurableMove _moved;
    private PartitionLog? _log;
    private TransactionGate? _gate;
    private DurableWait? _firstWait;
    private DurableWait? _lastWait;
    private long _firstUnstable = long.MaxValue;
    private long _visible = long.MaxValue;
    private int _leaderEpoch;
    private volatile string? _offlineReason;
    private volatile bool _isDeleted;
    private volatile bool _isMoving;

    public Partition(string topic, Uuid topicId, int number, int leaderEpoch)
    {
        Topic = topic;
        TopicId = topicId;
        Number = number;
        _leaderEpoch = leaderEpoch;
        _moved = new DurableMove(this);
    }

    public string Topic { get; }

    public Uuid TopicId { get; }

    public int Number { get; }

    public string Name => $"{Topic}-{Number}";

    public int LeaderEpoch => Volatile.Read(ref _leaderEpoch);

    public PartitionCounts Counts { get; } = new();

    public PartitionQueue Queue => _queue;

    public FetchWaits Fetches => _fetches;

    /// <summary>Belongs to the writer.</summary>
    public TransactionGate Gate => _gate ??= new TransactionGate(this);

    /// <summary>Null where it cannot be served; <see cref="OfflineReason"/> says why.</summary>
    public PartitionLog? Log => Volatile.Read(ref _log);

    public string? OfflineReason => _offlineReason;

    /// <summary>Its log is being copied into another folder: what is closed of it must stay as it is.</summary>
    public bool IsMoving
    {
        get => _isMoving;
        set => _isMoving = value;
    }

    /// <summary>It is no more: who still has it finds a topic that does not exist.</summary>
    public bool IsDeleted => _isDeleted;

    /// <summary>
    /// Consumers see what is below: what could be lost is not shown. On one node that is what is durable; what is below the
    /// log's start was deleted in spite of it. While a copy takes the log's place it stands: what is durable in the one may
    /// not be in the other, and a crash may bring either.
    /// </summary>
    public long HighWatermark => Log is { } log ? Math.Max(Math.Min(log.DurableOffset, Interlocked.Read(ref _visible)), log.StartOffset) : -1;

    /// <summary>Below it every transaction is decided, and readers of committed records may see it.</summary>
    public long LastStableOffset => Math.Min(HighWatermark, Interlocked.Read(ref _firstUnstable));

    /// <summary>Gives the partition its log; appends and reads begin.</summary>
    public void Serve(PartitionLog log, int leaderEpoch)
    {
        Volatile.Write(ref _leaderEpoch, Math.Max(leaderEpoch, log.LowestEpoch));
        _offlineReason = null;
        NoteTransactions(log);
        log.DurableMoved = OnDurableMoved;
        Volatile.Write(ref _log, log);
    }

    /// <summary>It has a leader anew, as the metadata says: who waits for more looks again whom to ask.</summary>
    public void Raise(int leaderEpoch)
    {
        if (leaderEpoch <= LeaderEpoch) return;
        Volatile.Write(ref _leaderEpoch, leaderEpoch);
        _fetches.WakeAll();
    }

    /// <summary>As the writer: a copy of the log takes its place; nothing more is shown than was before, until it is certain.</summary>
    public void Replace(PartitionLog copy)
    {
        Interlocked.Exchange(ref _visible, HighWatermark);
        copy.DurableMoved = OnDurableMoved;
        Volatile.Write(ref _log, copy);
    }

    /// <summary>As the writer: the copy is the log, also after a crash. All of it is durable.</summary>
    public void Replaced()
    {
        Interlocked.Exchange(ref _visible, long.MaxValue);
        if (Log is { } log) NoteTransactions(log);
        EndWaits();
        _fetches.WakeAll();
    }

    /// <summary>Whether another log has taken this one's place: who failed at it is to look there.</summary>
    public bool HasReplaced(PartitionLog log) => Log is { } now && now != log;

    public void GoOffline(string reason)
    {
        _offlineReason = reason;
        Volatile.Write(ref _log, null);
        _queue.Run(new DurableMove(this));
        _fetches.WakeAll();
    }

    public void Delete()
    {
        _isDeleted = true;
        GoOffline($"{Name} was deleted");
    }

    /// <summary>As the writer: appends a batch that was checked before.</summary>
    public AppendResult Append(PartitionLog log, Span<byte> batch, AppendOrigin origin = AppendOrigin.Client, VerificationGuard guard = default)
    {
        // The disk may be faster than this thread: what is undecided must be known as that before it can be durable.
        var isTransactional = RecordBatch.Read(batch).Attributes.IsTransactional;
        if (isTransactional) Interlocked.Exchange(ref _firstUnstable, Math.Min(Interlocked.Read(ref _firstUnstable), log.EndOffset));
        var result = log.Append(batch, LeaderEpoch, origin, guard);
        if (result.Outcome == AppendOutcome.Appended)
        {
            Counts.Append(result.LastOffset - result.BaseOffset + 1, batch.Length);
            Appended(log);
        }
        else if (isTransactional)
        {
            NoteTransactions(log);
        }

        return result;
    }

    /// <summary>As the writer: appends the end of a transaction.</summary>
    public AppendResult AppendMarker(PartitionLog log, Span<byte> batch, bool bumpsEpoch)
    {
        var result = log.AppendMarker(batch, LeaderEpoch, bumpsEpoch);
        if (result.Outcome == AppendOutcome.Appended) Appended(log);
        return result;
    }

    /// <summary>As the writer: appends a batch of this broker's own.</summary>
    public AppendResult AppendAsCoordinator(PartitionLog log, Span<byte> batch) => Append(log, batch, AppendOrigin.Coordinator, _gate?.Take(batch) ?? VerificationGuard.None);

    /// <summary>As the writer: answers when everything below the wait's end counts, which may be at once.</summary>
    public void Wait(DurableWait wait)
    {
        if (TryEnd(wait)) return;
        wait.NextWait = null;
        if (_lastWait is null) _firstWait = wait;
        else _lastWait.NextWait = wait;
        // The flusher's news come through the queue: behind this, however early they were.
        _lastWait = wait;
    }

    /// <summary>As the writer: how many wait for the disk.</summary>
    public int CountWaits()
    {
        var count = 0;
        for (var wait = _firstWait; wait is not null; wait = wait.NextWait) count++;
        return count;
    }

    /// <summary>As the writer: takes one out that waits no longer.</summary>
    public void StopWaiting(DurableWait wait)
    {
        DurableWait? before = null;
        for (var at = _firstWait; at is not null; before = at, at = at.NextWait)
        {
            if (at != wait) continue;
            if (before is null) _firstWait = wait.NextWait;
            else before.NextWait = wait.NextWait;
            if (_lastWait == wait) _lastWait = before;
            wait.NextWait = null;
            return;
        }
    }

    /// <summary>
    /// The greatest epoch not above the one asked for, and where it ended. The log knows an epoch by its first batch; the
    /// leader's own has begun at the log's end, whether it has one or not.
    /// </summary>
    public EpochEnd EndOffsetOf(PartitionLog log, int epoch)
    {
        var current = LeaderEpoch;
        if (epoch < 0 || epoch > current) return EpochEnd.Unknown;
        var latest = log.Epochs.Latest?.Epoch ?? -1;
        if (epoch <= latest) return log.EndOffsetOf(epoch);
        return epoch == current ? new EpochEnd(current, log.EndOffset) : new EpochEnd(latest, latest < 0 ? -1 : log.EndOffset);
    }

    /// <summary>The epoch of the record at an offset, or of the next one to be appended; -1 where it is not known.</summary>
    public int EpochOf(PartitionLog log, long offset) => offset >= log.EndOffset ? LeaderEpoch : log.Epochs.EpochOf(offset) ?? -1;

    /// <summary>As the writer: something of the log was changed that is no append.</summary>
    public void Changed(PartitionLog log)
    {
        NoteTransactions(log);
        _fetches.WakeAll();
    }

    private void Appended(PartitionLog log)
    {
        NoteTransactions(log);
        // Where nothing waits for the disk, what was appended can be seen already.
        if (log.DurableOffset == log.EndOffset) _fetches.WakeAll();
    }

    /// <summary>A transaction is decided when its marker is below the high watermark: before that a crash may open it again.</summary>
    private void NoteTransactions(PartitionLog log)
    {
        log.Producers.HighWatermarkMoved(Math.Min(log.DurableOffset, Interlocked.Read(ref _visible)));
        Interlocked.Exchange(ref _firstUnstable, log.Producers.FirstUnstableOffset ?? long.MaxValue);
    }

    /// <summary>Called by the flusher, on its thread; it has other logs to tell.</summary>
    private void OnDurableMoved(PartitionLog log)
    {
        // One that waits in the queue already will find what moved since.
        if (_moved.TryTake()) _queue.Run(_moved);
    }

    private void EndWaits()
    {
        while (_firstWait is { } wait)
        {
            var next = wait.NextWait;
            if (!TryEnd(wait)) return;
            _firstWait = next;
            if (next is null) _lastWait = null;
        }
    }

    private bool TryEnd(DurableWait wait)
    {
        if (Log is not { } log)
        {
            wait.Reached(_isDeleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError, _offlineReason);
            return true;
        }

        // First what is durable, then what failed: a fault that came later does not take back what was flushed before.
        if ((wait.NeedsDisk ? log.FlushedOffset : log.DurableOffset) >= wait.End)
        {
            wait.Reached(ErrorCode.None, null);
            return true;
        }

        if (log.Fault is not { } fault) return false;
        wait.Reached(ErrorCode.KafkaStorageError, fault.Reason);
        return true;
    }

    /// <summary>The flusher's news, for the writer.</summary>
    private sealed class DurableMove(Partition partition) : PartitionWork
    {
        private int _isTaken;

        public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public override void RunAsWriter()
        {
            Volatile.Write(ref _isTaken, 0);
            if (partition.Log is { } log) partition.NoteTransactions(log);
            partition.EndWaits();
            partition._fetches.WakeAll();
        }
    }
}
