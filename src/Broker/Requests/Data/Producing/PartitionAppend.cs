using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Transactions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>One batch on its way into its partition, and its answer.</summary>
internal sealed class PartitionAppend : GatedWork
{
    private readonly ProduceWait _produce;
    private readonly Durable _durable;
    private readonly Abandonment _abandonment;
    private Partition _partition = null!;
    private Memory<byte> _batch;
    private Chunk? _frame;
    private ProduceResponse.Partition _answer = null!;
    private PartOfTransaction _part;
    private bool _isWaiting;

    public PartitionAppend(ProduceWait produce)
    {
        _produce = produce;
        _durable = new Durable(this);
        _abandonment = new Abandonment(this);
    }

    public override PartOfTransaction Part => _part;

    public override int Sequence => RecordBatch.Read(_batch.Span).BaseSequence;

    /// <param name="partition">Where.</param>
    /// <param name="batch">Checked.</param>
    /// <param name="frame">Where it lies in the receive buffer.</param>
    /// <param name="answer">Its place in the response.</param>
    /// <param name="part">Of which transaction; the default is none.</param>
    public void Begin(Partition partition, Memory<byte> batch, Chunk? frame, ProduceResponse.Partition answer, in PartOfTransaction part)
    {
        _partition = partition;
        _part = part;
        _batch = batch;
        _frame = frame;
        _answer = answer;
        frame?.Hold();
    }

    public override void RunAsWriter() => Try(null);

    public override void Admitted(VerificationGuard guard) => Try(guard);

    public override void Refused(ErrorCode error, string? message) => End(error, message);

    private void Try(VerificationGuard? admitted)
    {
        try
        {
            Append(admitted);
        }
        catch (DiskException failure)
        {
            End(ErrorCode.KafkaStorageError, failure.Message);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            End(ErrorCode.UnknownServerError, fault.Message);
        }
    }

    /// <summary>The client waits no longer. From any thread.</summary>
    public void GiveUp() => _partition.Queue.Run(_abandonment);

    private void Append(VerificationGuard? admitted)
    {
        var partition = _partition;
        if (partition.Log is not { } log)
        {
            End(partition.IsDeleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError, partition.OfflineReason);
            return;
        }

        var guard = admitted ?? VerificationGuard.None;
        if (admitted is null && _part.TransactionalId is not null && !partition.Gate.Admits(this, log, _produce.Verifier, out guard)) return;
        var result = partition.Append(log, _batch.Span, AppendOrigin.Client, guard);
        if (result.Outcome is not (AppendOutcome.Appended or AppendOutcome.Duplicate))
        {
            var (error, reason) = Refusal(log, result);
            if (result.Outcome == AppendOutcome.Refused) _answer.LogStartOffset = log.StartOffset;
            End(error, reason);
            return;
        }

        // It is in the log: the buffer can go, whatever the answer waits for.
        LetGo();
        _answer.BaseOffset = result.BaseOffset;
        _answer.LogStartOffset = log.StartOffset;
        if (!_produce.WaitsForDisk)
        {
            _produce.Ended();
            return;
        }

        // A duplicate too: its first appearance may not be durable yet.
        _durable.End = result.LastOffset + 1;
        _isWaiting = true;
        partition.Wait(_durable);
    }

    private void End(ErrorCode error, string? message)
    {
        _partition.Counts.FailProduce();
        LetGo();
        _answer.ErrorCode = error;
        _answer.ErrorMessage = message;
        _produce.Ended();
    }

    private void LetGo()
    {
        _batch = default;
        _frame?.LetGo();
        _frame = null;
    }

    private (ErrorCode Error, string Message) Refusal(PartitionLog log, in AppendResult result) => result.Outcome switch
    {
        AppendOutcome.TooLarge => (ErrorCode.RecordListTooLarge, $"the batch is larger than a segment of {log.Name} may be ({log.Settings.SegmentBytes} bytes, segment.bytes)"),
        AppendOutcome.DiskFull => (ErrorCode.KafkaStorageError, $"{log.Name}: {log.LastFailure?.Message ?? "the disk is full"}; nothing was appended, the same request succeeds when there is room"),
        AppendOutcome.DiskFailed => (ErrorCode.KafkaStorageError, $"{log.Name}: {log.LastFailure?.Message ?? "the disk failed"}"),
        AppendOutcome.Offline => (ErrorCode.KafkaStorageError, log.Fault?.Reason ?? $"{log.Name} takes no appends"),
        _ => (result.Check.Error, ProducerRefusal.Describe(ProducedBatch.Of(RecordBatch.Read(_batch.Span)), result.Check, log.Name)),
    };

    private sealed class Durable(PartitionAppend append) : DurableWait
    {
        public override void Reached(ErrorCode error, string? reason)
        {
            append._isWaiting = false;
            append._answer.ErrorCode = error;
            append._answer.ErrorMessage = reason;
            if (error != ErrorCode.None)
            {
                append._partition.Counts.FailProduce();
                append._answer.BaseOffset = -1;
            }

            append._produce.Ended();
        }
    }

    private sealed class Abandonment(PartitionAppend append) : PartitionWork
    {
        public override void RunAsWriter()
        {
            if (!append._isWaiting) return;
            append._partition.StopWaiting(append._durable);
            append._durable.Reached(ErrorCode.RequestTimedOut, $"what was appended to {append._partition.Name} was not durable in time; it may yet become so");
        }
    }
}
