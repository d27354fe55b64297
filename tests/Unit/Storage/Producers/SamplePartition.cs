using Moldau.Storage.Producers;

namespace Moldau.Unit.Storage.Producers;

/// <summary>A partition's states with what a log does around them: check, and apply what is new at the next offset.</summary>
internal sealed class SamplePartition
{
    public ProducerStates States { get; } = new();

    public long End { get; private set; }

    public ProducerCheck Send(
        long producer, int sequence, int count = 1, short epoch = 0, bool transactional = false, long time = 100,
        AppendOrigin origin = AppendOrigin.Client, VerificationGuard guard = default)
    {
        var batch = Batch(producer, sequence, count, epoch, transactional, time);
        var check = States.Check(batch, origin, guard);
        if (check.IsNew) Append(batch);
        return check;
    }

    /// <summary>A transactional batch, verified first where that is needed.</summary>
    public ProducerCheck SendVerified(long producer, int sequence, int count = 1, short epoch = 0, bool startsAtZero = false, long time = 100)
    {
        States.BeginVerification(producer, epoch, sequence, startsAtZero, time, out var guard);
        return Send(producer, sequence, count, epoch, transactional: true, time, guard: guard);
    }

    public (ProducerCheck Check, CompletedTransaction? Completed) EndTransaction(
        long producer, bool abort = false, short epoch = 0, int coordinator = 1, bool bumpsEpoch = false, long time = 100)
    {
        var end = new TransactionEnd(producer, epoch, End, time, abort, coordinator);
        var check = States.Check(end, bumpsEpoch);
        if (!check.IsNew) return (check, null);
        var completed = States.Apply(end);
        States.AdvanceTo(++End);
        return (check, completed);
    }

    public ProducedBatch Batch(long producer, int sequence, int count = 1, short epoch = 0, bool transactional = false, long time = 100) => new(
        producer, epoch, sequence, (int)(((long)sequence + count - 1) & int.MaxValue), End, End + count - 1, time, transactional);

    public void Append(in ProducedBatch batch)
    {
        States.Apply(batch);
        End = batch.LastOffset + 1;
        States.AdvanceTo(End);
    }

    public ProducerState Of(long producer) =>
        States.TryGet(producer, out var state) ? state : throw new InvalidOperationException($"producer {producer} is not known");
}
