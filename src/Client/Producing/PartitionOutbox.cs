using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>
/// The records of one partition on their way out. One batch is under way at a time, so their order is kept and the next
/// sequence is known; meanwhile the batches behind it fill. Whoever brings the first record starts the sending, which ends
/// when there is nothing left.
/// </summary>
internal sealed class PartitionOutbox(TopicPartition where, RecordWriterOptions options, TimeProvider clock, BatchSender sender, ByteBudget buffer)
{
    private readonly Lock _gate = new();
    private readonly Queue<OpenBatch> _full = new();
    private OpenBatch? _open;
    private TaskCompletionSource? _sealed;
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private bool _hurries;
    private int _nextSequence;
    private KafkaException? _broken;
    private long _delivered;
    private long _lost;
    private KafkaException? _firstLoss;

    public void Add(in OutgoingRecord record, int reserved, TaskCompletionSource<RecordAck>? waiter)
    {
        var timestamp = (record.Timestamp ?? clock.GetUtcNow()).ToUnixTimeMilliseconds();
        var key = record.Key is { } keyBytes ? new OptionalBytes(keyBytes.Span) : default;
        var value = record.Value is { } valueBytes ? new OptionalBytes(valueBytes.Span) : default;
        lock (_gate)
        {
            if (_open is { } open && open.Builder.UncompressedSize + reserved > options.BatchBytes) Seal();
            _open ??= new OpenBatch(sender.RentBuilder(), clock.GetTimestamp());
            _open.Add(timestamp, key, value, record.Headers, reserved, waiter);
            if (_open.Builder.UncompressedSize >= options.BatchBytes) Seal();
            if (_isSending) return;
            _isSending = true;
            _sending = Task.Run(SendAllAsync);
        }
    }

    /// <summary>Waits until everything that is here now was sent or lost; the lingering ends.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_isSending) _hurries = true;
            _sealed?.TrySetResult();
            return _sending;
        }
    }

    /// <summary>What became of the records since the last call.</summary>
    public (long Delivered, WriteSummary.Loss? Loss) TakeCounts()
    {
        lock (_gate)
        {
            var counts = (_delivered, _lost == 0 ? null : new WriteSummary.Loss(where, _lost, _firstLoss!));
            (_delivered, _lost, _firstLoss) = (0, 0, null);
            return counts;
        }
    }

    private void Seal()
    {
        _full.Enqueue(_open!);
        _open = null;
        _sealed?.TrySetResult();
    }

    private async Task SendAllAsync()
    {
        while (await NextAsync().ConfigureAwait(false) is { } batch)
        {
            try
            {
                var offset = _broken is null ? await sender.SendAsync(where, batch, _nextSequence).ConfigureAwait(false) : throw _broken;
                // Sequences wrap to 0 behind the largest number.
                _nextSequence = (int)(((long)_nextSequence + batch.Count) & int.MaxValue);
                lock (_gate) _delivered += batch.Count;
                batch.Succeed(where, offset);
            }
            catch (KafkaException failure)
            {
                Lose(batch, failure);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Lose(batch, new KafkaException(ErrorCode.UnknownServerError, failure.Message, where.ToString(), failure));
            }
            finally
            {
                buffer.Release(batch.Reserved);
                sender.ReturnBuilder(batch.Builder);
            }
        }
    }

    private void Lose(OpenBatch batch, KafkaException failure)
    {
        lock (_gate)
        {
            _lost += batch.Count;
            _firstLoss ??= failure;
            // A refusal leaves the sequence where it was. Where it is unknown whether the batch was written, what comes behind it
            // would be refused or doubled.
            if (options.IsIdempotent && IsDoubtful(failure.Code)) _broken ??= new KafkaException(failure.Code, $"an earlier batch was lost: {failure.Message}", where.ToString(), failure) { IsTransient = false, IsFatal = true };
        }

        batch.Fail(failure);
    }

    private static bool IsDoubtful(ErrorCode code) => code.IsRetriable() || code is
        ErrorCode.UnknownServerError or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch
        or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerIdMapping;

    /// <summary>The next batch to send, once it is full or has waited long enough; null when there is none and the sending ends.</summary>
    private async Task<OpenBatch?> NextAsync()
    {
        TimeSpan linger;
        Task full;
        lock (_gate)
        {
            if (_full.TryDequeue(out var next)) return next;
            if (_open is null)
            {
                _isSending = _hurries = false;
                return null;
            }

            linger = options.Linger - clock.GetElapsedTime(_open.OpenedAt);
            if (_hurries || linger <= TimeSpan.Zero) return TakeOpen();
            _sealed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            full = _sealed.Task;
        }

        using var over = new CancellationTokenSource();
        await Task.WhenAny(full, Task.Delay(linger, clock, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _sealed = null;
            return _full.TryDequeue(out var next) ? next : TakeOpen();
        }
    }

    private OpenBatch? TakeOpen()
    {
        var batch = _open;
        _open = null;
        return batch;
    }
}
