namespace Moldau.Storage.Producers;

/// <summary>A refusal in words: who, where, what was expected, what came, and what to do.</summary>
public static class ProducerRefusal
{
    public static string Describe(in ProducedBatch batch, in ProducerCheck check, string partition)
    {
        var who = $"producer {batch.ProducerId}, epoch {batch.Epoch}, in {partition} at offset {batch.BaseOffset}: ";
        return who + check.Outcome switch
        {
            ProducerOutcome.New => "accepted",
            ProducerOutcome.Duplicate =>
                $"sequences {batch.BaseSequence} to {batch.LastSequence} were appended before, at offsets {check.Earlier.BaseOffset} to {check.Earlier.LastOffset}",
            ProducerOutcome.OutOfOrder =>
                $"sequence {batch.BaseSequence}, but {check.Expected} is next; send the batches in between first",
            ProducerOutcome.EpochNotFromZero =>
                $"sequence {batch.BaseSequence}, but a new epoch starts at 0 (the epoch so far is {check.KnownEpoch}); number from 0 after a bump",
            ProducerOutcome.TransactionNotFromZero =>
                $"sequence {batch.BaseSequence} from a producer without batches here, but its transaction starts at 0; abort it and begin anew",
            ProducerOutcome.AboveVerified =>
                $"sequence {batch.BaseSequence}, but the batch with sequence {check.Expected} of the same transaction is not appended yet; send that one first",
            ProducerOutcome.StaleEpoch =>
                $"the epoch is {check.KnownEpoch} by now; a newer instance of this producer has taken over, so this one must stop",
            ProducerOutcome.NotVerified =>
                $"sequence {batch.BaseSequence} is transactional, but the coordinator has not confirmed an open transaction with this partition; add the partition first",
            ProducerOutcome.OutsideTransaction =>
                $"sequence {batch.BaseSequence} is not transactional, but the producer's transaction is open; end that first",
            _ => check.Outcome.ToString(),
        };
    }

    public static string Describe(in TransactionEnd end, in ProducerCheck check, string partition)
    {
        var who = $"{(end.IsAbort ? "abort" : "commit")} of producer {end.ProducerId}, epoch {end.Epoch}, in {partition} at offset {end.Offset}: ";
        return who + check.Outcome switch
        {
            ProducerOutcome.New => "accepted",
            ProducerOutcome.StaleEpoch => $"the epoch is {check.KnownEpoch} by now; the transaction it would end is over",
            ProducerOutcome.StaleCoordinator =>
                $"coordinator epoch {end.CoordinatorEpoch}, but {check.Expected} is known; another coordinator has taken over, so this one must stop",
            _ => check.Outcome.ToString(),
        };
    }
}
