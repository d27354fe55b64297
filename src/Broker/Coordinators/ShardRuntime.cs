using Moldau.Broker.Partitions;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Broker.Coordinators;

/// <summary>
/// Drives one shard: events one after the other, by whoever comes; their records into the shard's partition, one flight of
/// batches at a time, so that what comes while the disk is busy shares the next flush.
/// </summary>
internal sealed class ShardRuntime<TMachine>(Partition partition, Func<ShardRuntime<TMachine>, TMachine> make, Func<(CompressionType Compression, int LoadBytes)> rules, CoordinatorParts parts)
    where TMachine : class, IShardMachine
{
    private readonly PartitionQueue _queue = new();
    private Shard<TMachine>? _shard;
    private ShardTimers? _timers;
    private BatchWriter? _writer;
    private bool _isFlying;
    private bool _isLoading;

    public Partition Partition { get; } = partition;

    public ShardCounts Counts { get; } = new();

    /// <summary>In Kafka's words: active, loading, or failed.</summary>
    public string State => Volatile.Read(ref _shard) is not null ? "active" : Volatile.Read(ref _isLoading) ? "loading" : "failed";

    /// <summary>An event; the reply is the machine's to give, or this shard's where it cannot.</summary>
    public void Run(PendingReply reply, Action<TMachine, Outcome> action) => _queue.Run(new ShardWork(() =>
    {
        if (IsReady(reply)) Drive(shard => shard.Run(Now, reply, action));
    }));

    /// <summary>A transaction that wrote here has ended: its marker, answered when it is durable.</summary>
    public void End(PendingReply reply, TransactionProducer producer, MarkerEnd end) => _queue.Run(new ShardWork(() =>
    {
        if (IsReady(reply)) Drive(shard => shard.End(Now, reply, producer, end));
    }));

    /// <summary>Replays the partition. Until the task ends whoever asks is told to wait; where it fails, that somebody else is to be asked.</summary>
    public async Task LoadAsync()
    {
        var since = parts.Clock.GetTimestamp();
        await _queue.RunAsync(() => _isLoading = true).ConfigureAwait(false);
        try
        {
            var machine = make(this);
            var (compression, loadBytes) = rules();
            var records = await ShardLoad.RunAsync(Partition, machine, loadBytes).ConfigureAwait(false);
            await _queue.RunAsync(() => Begin(machine, compression)).ConfigureAwait(false);
            Counts.Load(parts.Clock.GetElapsedTime(since));
            if (records > 0) parts.Log.Loaded(Partition.Name, records, (long)parts.Clock.GetElapsedTime(since).TotalMilliseconds);
        }
        catch (Exception fault) when (fault is IOException or InvalidBatchException or MalformedMessageException or UnsupportedMessageVersionException)
        {
            parts.Log.NotLoaded(Partition.Name, fault.Message);
        }
        finally
        {
            await _queue.RunAsync(() => _isLoading = false).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of what its machine needs no more of the partition.</summary>
    public void Prune() => _queue.Run(new ShardWork(() =>
    {
        if (_shard is not { Machine: IPrunedMachine machine }) return;
        var first = machine.FirstNeeded;
        Partition.Queue.Run(new ShardWork(() =>
        {
            if (Partition.Log is { } log && log.MoveStart(first)) Partition.Changed(log);
        }));
    }));

    /// <summary>Drops the shard; what it knows is in its partition.</summary>
    public Task UnloadAsync(string reason) => _queue.RunAsync(() =>
    {
        if (_shard is null) return;
        parts.Log.Unloaded(Partition.Name, reason);
        Drop(reason);
    });

    private long Now => parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private void Begin(TMachine machine, CompressionType compression)
    {
        _writer = new BatchWriter(compression);
        var timers = _timers = new ShardTimers(parts.Delays, Elapsed);
        _shard = new Shard<TMachine>(machine, timers.Set, fault => parts.Log.EventFailed(Partition.Name, fault));
        Drive(shard => shard.Loaded(Now));
    }

    private bool IsReady(PendingReply reply)
    {
        if (_shard is not null) return true;
        if (_isLoading) reply.Fail(ErrorCode.CoordinatorLoadInProgress, $"{Partition.Name} is being loaded");
        else reply.Fail(ErrorCode.NotCoordinator, $"{Partition.Name} is not served here");
        return false;
    }

    private void Elapsed(ShardTimer timer) => _queue.Run(new ShardWork(() =>
    {
        if (_timers?.Take(timer) == true) Drive(shard => shard.Run(Now, null, (machine, outcome) => machine.Elapsed(timer, outcome)));
    }));

    private void Drive(Action<Shard<TMachine>> step)
    {
        if (_shard is not { } shard) return;
        Counts.Event();
        try
        {
            if (parts.Topics.Find(Partition.TopicId) is { } topic) shard.LargestBatch = topic.Settings.MaxMessageBytes;
            step(shard);
            Fly(shard);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What it knows may be half of something; its partition has the whole.
            parts.Log.EventFailed(Partition.Name, fault);
            Stop("it failed at taking back an event");
        }
    }

    private void Fly(Shard<TMachine> shard)
    {
        if (_isFlying || !shard.HasBatches) return;
        _isFlying = true;
        Counts.Fly();
        var flight = new List<(ShardBatch, byte[])>();
        foreach (var batch in shard.TakeBatches()) flight.Add((batch, _writer!.Write(batch)));
        Partition.Queue.Run(new ShardAppend(Partition, flight, append => _queue.Run(new ShardWork(() => Landed(shard, append)))));
    }

    private void Landed(Shard<TMachine> shard, ShardAppend append)
    {
        // It may have been dropped meanwhile, and another have taken its place.
        if (_shard != shard) return;
        _isFlying = false;
        Drive(driven =>
        {
            if (append.Durable is { } durable) driven.Committed(durable);
            if (append.Failed is not { } failed) return;
            parts.Log.NotStored(Partition.Name, append.Reason);
            driven.Failed(Now, failed, append.Error, append.Reason);
        });
        if (append.IsLogGone) Stop(append.Reason ?? "its partition is offline");
    }

    /// <summary>Something is wrong with it, and until it is loaded again nobody is answered.</summary>
    private void Stop(string reason)
    {
        if (_shard is null) return;
        parts.Log.Stopped(Partition.Name, reason);
        Drop(reason);
    }

    private void Drop(string reason)
    {
        if (_shard is not { } shard) return;
        _shard = null;
        _isFlying = false;
        _timers!.StopAll();
        try
        {
            shard.Drop(Now, reason);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            parts.Log.EventFailed(Partition.Name, fault);
        }
    }
}
