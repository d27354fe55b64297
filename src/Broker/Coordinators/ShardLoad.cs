using Moldau.Broker.Partitions;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Coordinators;

/// <summary>Reads a shard's partition to its end, into its machine.</summary>
internal static class ShardLoad
{
    /// <returns>How many records there were.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="InvalidBatchException">A batch is damaged.</exception>
    public static async Task<long> RunAsync(Partition partition, IShardMachine machine, int bufferBytes)
    {
        var end = await EndAsync(partition).ConfigureAwait(false);
        if (partition.Log is not { } log) throw new IOException(partition.OfflineReason);
        using var replay = new ShardReplay(partition.Topic, machine);
        var buffer = Array.Empty<byte>();
        for (var offset = log.StartOffset; offset < end;)
        {
            var read = log.Read(offset, bufferBytes, end);
            using var slice = read.Slice;
            if (read.Outcome != LogReadOutcome.Read) throw new IOException($"{partition.Name} at offset {offset}: {read.Outcome}");
            // What compaction has left ends before the log does.
            if (slice.Length == 0) break;
            if (buffer.Length < slice.Length) buffer = new byte[slice.Length];
            if (slice.Read(0, buffer.AsSpan(0, slice.Length)) != slice.Length) throw new IOException($"{partition.Name} at offset {offset} is shorter than it was");
            offset = Replay(replay, buffer.AsSpan(0, slice.Length), offset);
        }

        return replay.Records;
    }

    private static long Replay(ShardReplay replay, ReadOnlySpan<byte> bytes, long offset)
    {
        var batches = new BatchReader(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            // The first may begin before the log does, by records that were deleted.
            replay.Replay(batch);
            offset = batch.LastOffset + 1;
        }

        return offset;
    }

    /// <summary>Behind the last batch, when it is durable: an earlier driver may have left some under way.</summary>
    private static Task<long> EndAsync(Partition partition)
    {
        var reached = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        partition.Queue.Run(new ShardWork(() =>
        {
            if (partition.Log is { } log) partition.Wait(new Wait(reached) { End = log.EndOffset });
            else reached.SetException(new IOException(partition.OfflineReason));
        }));
        return reached.Task;
    }

    private sealed class Wait(TaskCompletionSource<long> reached) : DurableWait
    {
        public override void Reached(ErrorCode error, string? reason)
        {
            if (error == ErrorCode.None) reached.SetResult(End);
            else reached.SetException(new IOException(reason));
        }
    }
}
