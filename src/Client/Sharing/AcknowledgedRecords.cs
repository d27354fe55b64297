namespace Moldau.Client.Sharing;

/// <summary>What a broker made of acknowledgements of one partition: all of them were taken, or none.</summary>
/// <param name="Where">Which partition.</param>
/// <param name="Ranges">What it was told, in the order of the offsets.</param>
/// <param name="Error">
/// Why nothing was taken; null where it was. With INVALID_RECORD_STATE the lock of at least one record was over: what was refused may
/// come to somebody again.
/// </param>
public sealed record AcknowledgedRecords(TopicPartition Where, IReadOnlyList<AcknowledgedRange> Ranges, KafkaException? Error)
{
    public bool Succeeded => Error is null;
}
