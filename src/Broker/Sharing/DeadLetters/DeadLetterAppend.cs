using Moldau.Broker.Partitions;
using Moldau.Protocol.Errors;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>Copies of dead letters on their way into their topic.</summary>
internal sealed class DeadLetterAppend(Partition partition, Memory<byte> batch) : PartitionWork
{
    private readonly TaskCompletionSource<string?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when they are as safe as their topic makes anything, with null; or with why they are not.</summary>
    public Task<string?> Ended => _ended.Task;

    public override void RunAsWriter()
    {
        try
        {
            if (partition.Log is not { } log)
            {
                _ended.SetResult(partition.OfflineReason ?? $"{partition.Name} is offline");
                return;
            }

            var result = partition.Append(log, batch.Span);
            if (result.Outcome == AppendOutcome.Appended) partition.Wait(new Durability(_ended) { End = result.LastOffset + 1 });
            else _ended.SetResult(Refusal(log, result));
        }
        catch (DiskException failure)
        {
            _ended.SetResult(failure.Message);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _ended.SetResult(fault.Message);
        }
    }

    private static string Refusal(PartitionLog log, in AppendResult result) => result.Outcome switch
    {
        AppendOutcome.TooLarge => $"the batch is larger than a segment of {log.Name} may be ({log.Settings.SegmentBytes} bytes): set the topic's segment.bytes",
        AppendOutcome.DiskFull => $"{log.Name}: {log.LastFailure?.Message ?? "the disk is full"}: make room",
        AppendOutcome.DiskFailed => $"{log.Name}: {log.LastFailure?.Message ?? "the disk failed"}",
        AppendOutcome.Offline => log.Fault?.Reason ?? $"{log.Name} takes no appends",
        _ => $"{log.Name} has refused it: {result.Check.Outcome}",
    };

    private sealed class Durability(TaskCompletionSource<string?> ended) : DurableWait
    {
        public override void Reached(ErrorCode error, string? reason) => ended.SetResult(error == ErrorCode.None ? null : reason ?? error.ToString());
    }
}
