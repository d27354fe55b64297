using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Partitions.Transactions;

/// <summary>The end of a transaction on its way into one partition; over when it is on disk, with all data before it.</summary>
internal sealed class MarkerAppend(Partition partition, MarkerToWrite marker, long now) : PartitionWork
{
    private readonly TaskCompletionSource<ErrorCode> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ErrorCode> Ended => _ended.Task;

    public override void RunAsWriter()
    {
        try
        {
            Append();
        }
        catch (DiskException)
        {
            _ended.SetResult(ErrorCode.KafkaStorageError);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _ended.SetException(fault);
        }
    }

    private void Append()
    {
        if (partition.Log is not { } log)
        {
            _ended.SetResult(partition.IsDeleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError);
            return;
        }

        if (!IsWritten(log))
        {
            var result = partition.AppendMarker(log, Build(), marker.BumpsEpoch);
            if (result.Outcome != AppendOutcome.Appended)
            {
                _ended.SetResult(result.Outcome == AppendOutcome.Refused ? result.Check.Error : ErrorCode.KafkaStorageError);
                return;
            }
        }

        // Whatever the topic is content with: a producer that has been told of the end may throw away what he sent.
        log.RequestFlush();
        partition.Wait(new OnDisk(_ended) { NeedsDisk = true, End = log.EndOffset });
    }

    /// <summary>
    /// Where each end has an epoch of its own the same epoch again is the same marker again. In the first protocol it may be
    /// the end of a later transaction, which fences batches that are still on their way.
    /// </summary>
    private bool IsWritten(PartitionLog log) => marker.BumpsEpoch && log.Producers.TryGet(marker.ProducerId, out var state)
        && state.Epoch == marker.Epoch && !state.InTransaction && state.CoordinatorEpoch == marker.CoordinatorEpoch;

    private byte[] Build()
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        new TransactionMarker(marker.IsCommit ? ControlRecordType.Commit : ControlRecordType.Abort, marker.CoordinatorEpoch).AppendTo(builder, now);
        return builder.Finish(new BatchOptions
        {
            IsControl = true,
            IsTransactional = true,
            Producer = new ProducerIdentity(marker.ProducerId, marker.Epoch, ProducerIdentity.None.BaseSequence),
        }).ToArray();
    }

    private sealed class OnDisk(TaskCompletionSource<ErrorCode> ended) : DurableWait
    {
        public override void Reached(ErrorCode error, string? reason) => ended.SetResult(error);
    }
}
