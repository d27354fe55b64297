using Moldau.Client.Consuming;
using Moldau.Client.Fetching;
using Moldau.Client.Serdes;
using Moldau.Client.Telemetry;

namespace Moldau.Client.Handling;

/// <summary>
/// Hands what is read to a handler, as <see cref="KeyLanes{T}"/> decides. A record is done when its handler has ended, or when what its
/// failure leads to has; one that was begun and not ended, or never begun, is not done, and nothing behind it is committed.
/// </summary>
internal sealed class HandlerLoop<TKey, TValue> : IAsyncDisposable
{
    // Of the time there is to drain: then handlers are told that it is over, and the rest is theirs to end.
    private const double PatientShare = 0.9;

    private readonly ConsumerEngine _engine;
    private readonly RecordDecoder<TKey, TValue> _decoder;
    private readonly Func<Record<TKey, TValue>, CancellationToken, ValueTask> _handler;
    private readonly HandlerOptions _options;
    private readonly DeadLetterSender _deadLetters;
    private readonly Lock _gate = new();
    private readonly KeyLanes<(HandedBatch Batch, int Index)> _lanes;
    private readonly Dictionary<TopicPartition, int> _load = [];
    private readonly HashSet<TopicPartition> _full = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _overdue = new();
    private readonly Dictionary<TopicPartition, CancellationTokenSource> _stops = [];
    private TaskCompletionSource? _empty;
    private HandlerException? _failure;
    private long _progress;

    public HandlerLoop(ConsumerEngine engine, RecordDecoder<TKey, TValue> decoder, Func<Record<TKey, TValue>, CancellationToken, ValueTask> handler, HandlerOptions options)
    {
        options.Check();
        _engine = engine;
        _decoder = decoder;
        _handler = HandlerPipeline<TKey, TValue>.Around(handler, options.Middleware);
        _options = options;
        _deadLetters = new DeadLetterSender(engine.Core);
        _lanes = new KeyLanes<(HandedBatch Batch, int Index)>(options.MaxConcurrency);
    }

    /// <summary>Another number whenever an attempt ended; null where no handler is at work.</summary>
    public long? Progress
    {
        get
        {
            lock (_gate) return _lanes.Running == 0 ? null : _progress;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        _engine.BeginReading();
        _engine.GivesUp = GiveUp;
        _engine.Stops = Stop;
        using var asked = cancellation.Register(static ending => ((CancellationTokenSource)ending!).Cancel(), _ending);
        // Not on the timer's thread: what a handler does when it is told to stop is its own.
        using var closed = _engine.Closing.Over.Register(static overdue => _ = ((CancellationTokenSource)overdue!).CancelAsync(), _overdue);
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            await DrainAsync().ConfigureAwait(false);
        }

        lock (_gate)
        {
            if (_failure is not null) throw _failure;
        }
    }

    /// <summary>Ends what it made. A handler that did not end in time still looks at the tokens.</summary>
    public async ValueTask DisposeAsync()
    {
        await _deadLetters.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_lanes.Running > 0) return;
        }

        foreach (var stop in _stops.Values) stop.Dispose();
        _ending.Dispose();
        _overdue.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                FetchedBatch? batch;
                try
                {
                    batch = await _engine.NextAsync(_ending.Token, inOrder: false).ConfigureAwait(false);
                }
                catch (KafkaException failure) when (failure is { IsTransient: true, IsFatal: false })
                {
                    // It is tried again by itself, later.
                    continue;
                }

                if (batch is null)
                {
                    await EmptyAsync().WaitAsync(_ending.Token).ConfigureAwait(false);
                    return;
                }

                await PrepareAsync(batch).ConfigureAwait(false);
                Admit(batch);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Asked for, or a handler failed for good.
        }
    }

    private async ValueTask PrepareAsync(FetchedBatch batch)
    {
        if (!_decoder.NeedsPreparing) return;
        try
        {
            await _decoder.PrepareAsync(batch, _ending.Token).ConfigureAwait(false);
        }
        catch (SerdeException)
        {
            // The record it is about fails again when it is read, and goes the way of failures.
        }
        catch (OperationCanceledException)
        {
            // It is admitted, and given up with the rest.
        }
    }

    private void Admit(FetchedBatch batch)
    {
        batch.Seen = batch.Count;
        _engine.Subscription.Spread(batch);
        var isFull = false;
        HandedBatch handed;
        lock (_gate)
        {
            handed = new HandedBatch(batch, StopOf(batch.State.Where));
            // Whoever gives it up has either been here, or comes after.
            if (!_engine.Subscription.IsKept(batch) || batch.Count == 0)
            {
                for (var i = 0; i < batch.Count; i++) _engine.Subscription.Abandon(handed.Given, handed.CountedAt(i));
                if (batch.Count == 0) _engine.Subscription.Complete(handed.Given, batch.First);
                _engine.Return(batch);
                return;
            }

            for (var i = 0; i < batch.Count; i++) _lanes.Add(handed.Where, OrderOf(batch, i), (handed, i));
            var load = _load[handed.Where] = _load.GetValueOrDefault(handed.Where) + batch.Count;
            isFull = load >= _options.MaxWaiting && _full.Add(handed.Where);
            while (_lanes.TryStart(out var work, out var lane)) Begin(work, lane);
        }

        if (isFull) _engine.Subscription.Hold(handed.Where, isBusy: true);
    }

    private void Begin((HandedBatch Batch, int Index) work, KeyLanes<(HandedBatch Batch, int Index)>.Lane? lane) =>
        // Not on this thread: a handler may take its time before it first waits for something.
        _ = Task.Run(() => WorkAsync(work, lane));

    private long? OrderOf(FetchedBatch batch, int index)
    {
        if (_options.Order == HandlerOrder.None) return null;
        if (_options.Order == HandlerOrder.Partition) return 0;
        ref readonly var record = ref batch[index];
        if (record.KeyLength < 0) return null;
        // Two keys that meet in a lane are one after the other for no reason, and no worse.
        var hash = new HashCode();
        hash.AddBytes(batch.KeyOf(record).Span);
        return hash.ToHashCode();
    }

    private async Task WorkAsync((HandedBatch Batch, int Index) work, KeyLanes<(HandedBatch Batch, int Index)>.Lane? lane)
    {
        while (true)
        {
            var isDone = await HandleAsync(work.Batch, work.Index).ConfigureAwait(false);
            lock (_gate)
            {
                _lanes.Done(lane);
                Over(work.Batch, work.Index, isDone);
                if (_ending.IsCancellationRequested || !_lanes.TryStart(out work, out lane))
                {
                    if (_lanes is { Running: 0, Waiting: 0 }) _empty?.TrySetResult();
                    return;
                }
            }
        }
    }

    /// <returns>Whether it is done; false where it is to come again.</returns>
    private async Task<bool> HandleAsync(HandedBatch handed, int index)
    {
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                if (ConsumerWatch.SeesHandlers) await CallWatchedAsync(handed, index).ConfigureAwait(false);
                else await CallAsync(handed, index).ConfigureAwait(false);
                return true;
            }
            catch (Exception late) when (late is not OutOfMemoryException && handed.Stop.IsCancellationRequested)
            {
                // However a handler says that it was stopped: it is not done, and comes again.
                return false;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                lock (_gate) _progress++;
                // What cannot be read cannot be read the next time either.
                if (attempts > _options.OnError.Retries || failure is SerdeException) return await EndAsync(handed, index, failure, attempts).ConfigureAwait(false);
            }

            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, handed.Stop);
                await Task.Delay(_options.OnError.PauseAfter(attempts), _engine.Core.Options.Clock, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    private ValueTask CallAsync(HandedBatch handed, int index) => _handler(_decoder.Read(handed.Batch, index), handed.Stop);

    private async ValueTask CallWatchedAsync(HandedBatch handed, int index)
    {
        using var watch = _engine.Watch.BeginProcess(handed.Batch, index, hasTextKeys: typeof(TKey) == typeof(string));
        try
        {
            await CallAsync(handed, index).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            watch.Fail(failure);
            throw;
        }
    }

    private async Task<bool> EndAsync(HandedBatch handed, int index, Exception failure, int attempts)
    {
        if (_options.OnError.End == FailureEnd.Skip) return true;
        if (_options.OnError.End == FailureEnd.DeadLetter)
        {
            try
            {
                await _deadLetters.SendAsync(_options.OnError.DeadLetterTopic!, handed.Batch, index, failure, attempts, handed.Stop).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (KafkaException unwritten)
            {
                failure = new AggregateException($"{failure.Message}; and it could not be written to {_options.OnError.DeadLetterTopic}: {unwritten.Message}", failure, unwritten);
            }
        }

        lock (_gate) _failure ??= new HandlerException(handed.Where, handed.Batch.OffsetOf(index), attempts, failure);
        await _ending.CancelAsync().ConfigureAwait(false);
        return false;
    }

    /// <summary>Under the lock: a record is with nobody any more.</summary>
    private void Over(HandedBatch handed, int index, bool isDone)
    {
        _progress++;
        if (isDone) _engine.Subscription.Complete(handed.Given, handed.CountedAt(index));
        else _engine.Subscription.Abandon(handed.Given, handed.CountedAt(index));
        if (--handed.Left == 0) _engine.Return(handed.Batch);
        var load = _load[handed.Where] = _load[handed.Where] - 1;
        if (load == 0) _load.Remove(handed.Where);
        if (load <= _options.MaxWaiting / 2 && _full.Remove(handed.Where)) _engine.Subscription.Hold(handed.Where, isBusy: false);
    }

    /// <summary>Nothing more of these is begun.</summary>
    private void GiveUp(IReadOnlyCollection<TopicPartition>? partitions)
    {
        lock (_gate)
        {
            foreach (var (handed, index) in _lanes.Drop(partitions)) Over(handed, index, isDone: false);
            if (_lanes is { Running: 0, Waiting: 0 }) _empty?.TrySetResult();
        }
    }

    /// <summary>Under the lock: what tells handlers of a partition to stop. One that went and came back has another.</summary>
    private CancellationToken StopOf(TopicPartition where)
    {
        if (!_stops.TryGetValue(where, out var stop)) _stops[where] = stop = CancellationTokenSource.CreateLinkedTokenSource(_overdue.Token);
        return stop.Token;
    }

    /// <summary>The handlers of these have had their time.</summary>
    private void Stop(IReadOnlyCollection<TopicPartition> partitions)
    {
        List<CancellationTokenSource> stops = [];
        lock (_gate)
        {
            foreach (var where in partitions)
            {
                if (_stops.Remove(where, out var stop)) stops.Add(stop);
            }
        }

        foreach (var stop in stops) _ = stop.CancelAsync();
    }

    private Task EmptyAsync()
    {
        lock (_gate)
        {
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lanes is { Running: 0, Waiting: 0 }) _empty.SetResult();
            return _empty.Task;
        }
    }

    private async Task DrainAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        GiveUp(null);
        var clock = _engine.Core.Options.Clock;
        var empty = EmptyAsync();
        try
        {
            await empty.WaitAsync(_options.DrainTimeout * PatientShare, clock, _overdue.Token).ConfigureAwait(false);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            await _overdue.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(empty, Task.Delay(_options.DrainTimeout * (1 - PatientShare), clock, _engine.Closing.Left)).ConfigureAwait(false);
        }

        (_engine.GivesUp, _engine.Stops) = (null, null);
        _engine.EndReading();
        try
        {
            using var deadline = new CancellationTokenSource(_engine.Core.Options.CloseTimeout, clock);
            await _engine.CommitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            // What was done and is not committed comes again.
        }

        TopicPartition[] full;
        lock (_gate) full = [.. _full];
        foreach (var where in full) _engine.Subscription.Hold(where, isBusy: false);
        _engine.Subscription.Rewind();
    }
}
