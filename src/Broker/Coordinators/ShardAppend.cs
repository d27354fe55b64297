using Moldau.Broker.Partitions;
using Moldau.Broker.Requests.Topics;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Coordinators;

/// <summary>A shard's batches on their way into its partition: appended in order, as far as that goes, and then durable together.</summary>
/// <param name="ended">Told the last batch that is durable, and the first that is not in the log with the reason; from any thread.</param>
internal sealed class ShardAppend(Partition partition, IReadOnlyList<(ShardBatch Batch, byte[] Bytes)> batches, Action<ShardAppend> ended) : PartitionWork
{
    /// <summary>The last that is durable; null where none is.</summary>
    public ShardBatch? Durable { get; private set; }

    /// <summary>The first that is not in the log; null where all are.</summary>
    public ShardBatch? Failed { get; private set; }

    public ErrorCode Error { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>Whether the log takes nothing any more, so that nobody knows what of it will be found.</summary>
    public bool IsLogGone { get; private set; }

    public override void RunAsWriter()
    {
        var last = -1L;
        ShardBatch? appended = null;
        foreach (var (batch, bytes) in batches)
        {
            if (!TryAppend(batch, bytes, out var offset))
            {
                Failed = batch;
                break;
            }

            appended = batch;
            last = offset;
        }

        if (appended is null) Tell();
        else Wait(appended, last + 1);
    }

    /// <summary>
    /// Transactions count when they are on disk, whatever the topic is content with: their decisions, and their ends in
    /// groups' offsets.
    /// </summary>
    private void Wait(ShardBatch appended, long end)
    {
        var needsDisk = partition.Topic == TopicName.TransactionState || batches.Any(static one => one.Batch.Marker is not null);
        if (needsDisk) partition.Log?.RequestFlush();
        partition.Wait(new Durability(this, appended) { End = end, NeedsDisk = needsDisk });
    }

    private bool TryAppend(ShardBatch batch, byte[] bytes, out long offset)
    {
        offset = -1;
        if (partition.Log is not { } log)
        {
            (Error, Reason, IsLogGone) = (ErrorCode.NotCoordinator, partition.OfflineReason, true);
            return false;
        }

        try
        {
            var result = batch.Marker is { } marker ? partition.AppendMarker(log, bytes, marker.BumpsEpoch) : partition.AppendAsCoordinator(log, bytes);
            offset = result.LastOffset;
            if (result.Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate)
            {
                batch.BaseOffset = result.BaseOffset;
                return true;
            }

            (Error, Reason) = Refusal(log, result);
            IsLogGone = result.Outcome == AppendOutcome.Offline;
        }
        catch (DiskException failure)
        {
            (Error, Reason) = (ErrorCode.CoordinatorNotAvailable, failure.Message);
        }

        return false;
    }

    private static (ErrorCode Error, string? Reason) Refusal(PartitionLog log, in AppendResult result) => result.Outcome switch
    {
        AppendOutcome.Refused => (result.Check.Error, $"{log.Name}: {result.Check.Outcome}"),
        AppendOutcome.TooLarge => (ErrorCode.UnknownServerError, $"a batch is larger than a segment of {log.Name} may be ({log.Settings.SegmentBytes} bytes, segment.bytes)"),
        AppendOutcome.Offline => (ErrorCode.NotCoordinator, log.Fault?.Reason),
        _ => (ErrorCode.CoordinatorNotAvailable, log.LastFailure?.Message),
    };

    private sealed class Durability(ShardAppend append, ShardBatch last) : DurableWait
    {
        public override void Reached(ErrorCode error, string? reason)
        {
            if (error == ErrorCode.None)
            {
                append.Durable = last;
            }
            else
            {
                append.Failed = append.First;
                (append.Error, append.Reason, append.IsLogGone) = (ErrorCode.NotCoordinator, reason, true);
            }

            append.Tell();
        }
    }

    private ShardBatch First => batches[0].Batch;

    private void Tell() => ended(this);
}
