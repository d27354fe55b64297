namespace Moldau.Client.Producing;

/// <summary>What became of the records since the last time it was asked.</summary>
/// <param name="Delivered">Records that brokers confirmed.</param>
/// <param name="Lost">Records that were not, and the first reason of each partition.</param>
public sealed record DeliverySummary(long Delivered, IReadOnlyList<DeliverySummary.Loss> Lost)
{
    /// <summary>Records of one partition that were not written, as far as is known.</summary>
    public sealed record Loss(TopicPartition Where, long Records, KafkaException Error);
}
