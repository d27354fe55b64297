using Moldau.Client.Consuming;
using Moldau.Client.Handling;
using Moldau.Client.Serdes;
using Moldau.Protocol.Errors;

namespace Moldau.Client.Sharing;

/// <summary>Hands records of a share group to a handler, as many at a time as there may be, and says of each what becomes of it.</summary>
internal sealed class ShareHandlerLoop<TKey, TValue> : IAsyncDisposable
{
    // Of the time there is to drain: then handlers are told that it is over, and the rest is theirs to end.
    private const double PatientShare = 0.9;

    // Looked at so often in the time of a lock, and renewed behind half of it.
    private const int Looks = 8;
    private static readonly TimeSpan UnknownLock = TimeSpan.FromSeconds(1);

    private readonly ShareEngine _engine;
    private readonly RecordDecoder<TKey, TValue> _decoder;
    private readonly Func<SharedRecord<TKey, TValue>, CancellationToken, ValueTask> _handler;
    private readonly ShareHandlerOptions _options;
    private readonly DeadLetterSender _deadLetters;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _overdue = new();
    private readonly CancellationTokenSource _over = new();
    private int _free;
    private HandlerException? _failure;

    public ShareHandlerLoop(ShareEngine engine, RecordDecoder<TKey, TValue> decoder, Func<SharedRecord<TKey, TValue>, CancellationToken, ValueTask> handler, ShareHandlerOptions options)
    {
        options.Check();
        (_engine, _decoder, _handler, _options) = (engine, decoder, handler, options);
        _deadLetters = new DeadLetterSender(engine.Core);
        _slots = new SemaphoreSlim(options.MaxConcurrency);
        _free = options.MaxConcurrency;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        _engine.BeginReading();
        using var asked = cancellation.Register(static ending => ((CancellationTokenSource)ending!).Cancel(), _ending);
        // Not on the timer's thread: what a handler does when it is told to stop is its own.
        using var closed = _engine.Closing.Over.Register(static overdue => _ = ((CancellationTokenSource)overdue!).CancelAsync(), _overdue);
        var renewing = _options.RenewsLocks ? RenewAsync() : Task.CompletedTask;
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        finally
        {
            await DrainAsync().ConfigureAwait(false);
            await _over.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(false);
            _engine.EndReading();
            await CommitAsync().ConfigureAwait(false);
        }

        if (Volatile.Read(ref _failure) is { } failure) throw failure;
    }

    /// <summary>Ends what it made. A handler that did not end in time still looks at the tokens.</summary>
    public async ValueTask DisposeAsync()
    {
        await _deadLetters.DisposeAsync().ConfigureAwait(false);
        _over.Dispose();
        if (Volatile.Read(ref _free) < _options.MaxConcurrency) return;
        _ending.Dispose();
        _overdue.Dispose();
        _slots.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                AcquiredBatch batch;
                try
                {
                    batch = await _engine.NextAsync(_ending.Token).ConfigureAwait(false);
                }
                catch (KafkaException failure) when (!failure.IsFatal && (failure.IsTransient || failure.Code == ErrorCode.CorruptMessage))
                {
                    // It is tried again by itself, later; what was damaged was released.
                    continue;
                }

                await HandOutAsync(batch).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Asked for, or a handler failed for good.
        }
    }

    private async Task HandOutAsync(AcquiredBatch batch)
    {
        try
        {
            // What is wrong with a record is told again when it is read.
            if (_decoder.NeedsPreparing) await _decoder.PrepareAsync(batch.Batch, _ending.Token).ConfigureAwait(false);
            while (true)
            {
                // Before one is given out, so that its lock is looked at when its handler begins.
                await _slots.WaitAsync(_ending.Token).ConfigureAwait(false);
                var place = _engine.Table.Give(batch);
                if (place < 0)
                {
                    _slots.Release();
                    break;
                }

                Interlocked.Decrement(ref _free);
                batch.Retain();
                // Not on this thread: a handler may take its time before it first waits for something.
                _ = Task.Run(() => WorkAsync(batch, place));
            }

            _engine.Table.Done(batch);
        }
        catch (OperationCanceledException)
        {
            _engine.Table.PutBack(batch);
            throw;
        }
    }

    private async Task WorkAsync(AcquiredBatch batch, int place)
    {
        var end = await HandleAsync(batch, place).ConfigureAwait(false);
        _engine.Table.AcknowledgeIfGiven(batch, place, end);
        _engine.Table.Done(batch);
        Interlocked.Increment(ref _free);
        _slots.Release();
    }

    /// <returns>What becomes of it, where its handler has not said so.</returns>
    private async Task<Acknowledgement> HandleAsync(AcquiredBatch batch, int place)
    {
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                var record = new SharedRecord<TKey, TValue>(_decoder.Read(batch.Batch, batch[place].Index), _engine.Table, batch, place);
                await _handler(record, _overdue.Token).ConfigureAwait(false);
                return Acknowledgement.Accept;
            }
            catch (OperationCanceledException) when (_overdue.IsCancellationRequested)
            {
                return Acknowledgement.Release;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // What cannot be read cannot be read the next time either.
                if (attempts > _options.OnError.Retries || failure is SerdeException) return await EndAsync(batch, place, failure, attempts).ConfigureAwait(false);
            }

            try
            {
                await Task.Delay(_options.OnError.PauseAfter(attempts), _engine.Core.Options.Clock, _ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Acknowledgement.Release;
            }
        }
    }

    private async Task<Acknowledgement> EndAsync(AcquiredBatch batch, int place, Exception failure, int attempts)
    {
        switch (_options.OnError.End)
        {
            case FailureEnd.DeadLetter:
                try
                {
                    await _deadLetters.SendAsync(_options.OnError.DeadLetterTopic!, batch.Batch, batch[place].Index, failure, attempts, _overdue.Token).ConfigureAwait(false);
                    return Acknowledgement.Accept;
                }
                catch (OperationCanceledException)
                {
                    return Acknowledgement.Release;
                }
                catch (KafkaException unwritten)
                {
                    failure = new AggregateException($"{failure.Message}; and it could not be written to {_options.OnError.DeadLetterTopic}: {unwritten.Message}", failure, unwritten);
                    break;
                }

            case FailureEnd.Skip:
                return Acknowledgement.Accept;
            case FailureEnd.Reject:
                return Acknowledgement.Reject;
            case FailureEnd.Release:
                return failure is SerdeException ? _engine.Options.Unreadable : Acknowledgement.Release;
        }

        Interlocked.CompareExchange(ref _failure, new HandlerException(batch.Partition.Where, batch.OffsetOf(place), attempts, failure), null);
        await _ending.CancelAsync().ConfigureAwait(false);
        return failure is SerdeException ? _engine.Options.Unreadable : Acknowledgement.Release;
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                var lockTime = _engine.Table.LockTime;
                await Task.Delay((lockTime ?? UnknownLock) / Looks, _engine.Core.Options.Clock, _over.Token).ConfigureAwait(false);
                if (lockTime is { } time) _engine.Table.RenewOlderThan((long)(time / 2).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException)
        {
            // No handler is at work any more.
        }
    }

    private async Task DrainAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
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
    }

    private async Task EmptyAsync()
    {
        for (var i = 0; i < _options.MaxConcurrency; i++) await _slots.WaitAsync().ConfigureAwait(false);
    }

    private async Task CommitAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(_engine.Core.Options.CloseTimeout, _engine.Core.Options.Clock);
            await _engine.CommitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What was not told in time comes again.
        }
    }
}
