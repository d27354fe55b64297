namespace Moldau.Client.Consuming;

/// <summary>Records of one partition, in their order.</summary>
/// <param name="Where">Which.</param>
/// <param name="Records">None where only transactions ended there.</param>
/// <param name="WireBytes">What they took in the answer, compressed as they were.</param>
public sealed record ReceivedRecords(TopicPartition Where, IReadOnlyList<ReceivedRecord> Records, int WireBytes);
