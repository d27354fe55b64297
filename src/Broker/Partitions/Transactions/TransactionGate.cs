using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Broker.Partitions.Transactions;

/// <summary>
/// Where transactional batches of a partition wait while the coordinator is asked about the first of them. Those of one
/// producer stay in the order in which they came. Belongs to the partition's writer.
/// </summary>
internal sealed class TransactionGate(Partition partition)
{
    private readonly Dictionary<long, Queue<GatedWork>> _waiting = [];
    private readonly Dictionary<long, VerificationGuard> _admitted = [];

    /// <returns>False where the work waits here, or has been refused.</returns>
    public bool Admits(GatedWork work, PartitionLog log, TransactionVerifier verifier, out VerificationGuard guard)
    {
        guard = VerificationGuard.None;
        var part = work.Part;
        if (_waiting.TryGetValue(part.ProducerId, out var queue))
        {
            queue.Enqueue(work);
            return false;
        }

        var check = verifier.Begin(log.Producers, part, work.Sequence, out guard);
        if (!check.IsNew)
        {
            work.Refused(check.Error, $"{partition.Name}: producer {part.ProducerId} has epoch {check.KnownEpoch} here, the batch is of epoch {part.Epoch}");
            return false;
        }

        if (guard.IsNone) return true;
        _waiting.Add(part.ProducerId, new Queue<GatedWork>([work]));
        _ = AskAsync(part, verifier, guard);
        return false;
    }

    /// <summary>For a coordinator whose own records are part of a transaction: asks, where that is needed, before they are made.</summary>
    public static async Task<(ErrorCode Error, string? Message)> VerifyAsync(Partition partition, PartOfTransaction part, TransactionVerifier verifier)
    {
        var (error, message, guard) = (ErrorCode.None, (string?)null, VerificationGuard.None);
        await partition.Queue.RunAsync(() =>
        {
            if (partition.Log is not { } log) (error, message) = (ErrorCode.NotCoordinator, partition.OfflineReason);
            else error = verifier.Begin(log.Producers, part, sequence: 0, out guard).Error;
        }).ConfigureAwait(false);
        if (error != ErrorCode.None || guard.IsNone) return (error, message);
        (error, message) = await verifier.AskAsync(part, partition.Topic, partition.Number).ConfigureAwait(false);
        if (error == ErrorCode.None) await partition.Queue.RunAsync(() => partition.Gate._admitted[part.ProducerId] = guard).ConfigureAwait(false);
        return (error, message);
    }

    /// <summary>What was verified for the coordinator's next batch of this producer. A marker that came meanwhile has made it worthless.</summary>
    public VerificationGuard Take(ReadOnlySpan<byte> batch)
    {
        if (_admitted.Count == 0) return VerificationGuard.None;
        var view = RecordBatch.Read(batch);
        return view.Attributes.IsTransactional && _admitted.Remove(view.ProducerId, out var guard) ? guard : VerificationGuard.None;
    }

    private async Task AskAsync(PartOfTransaction part, TransactionVerifier verifier, VerificationGuard guard)
    {
        var (error, message) = await verifier.AskAsync(part, partition.Topic, partition.Number).ConfigureAwait(false);
        partition.Queue.Run(new Answer(this, part, guard, error, message));
    }

    private void Answered(in PartOfTransaction part, VerificationGuard guard, ErrorCode error, string? message)
    {
        if (!_waiting.Remove(part.ProducerId, out var queue)) return;
        if (error == ErrorCode.None) queue.Dequeue().Admitted(guard);
        while (queue.TryDequeue(out var work))
        {
            // What waited behind it with another epoch was not asked about.
            if (error != ErrorCode.None && work.Part.Epoch == part.Epoch) work.Refused(error, $"{partition.Name}: {message}");
            else work.RunAsWriter();
        }
    }

    private sealed class Answer(TransactionGate gate, PartOfTransaction part, VerificationGuard guard, ErrorCode error, string? message) : PartitionWork
    {
        public override void RunAsWriter() => gate.Answered(part, guard, error, message);
    }
}
