namespace Moldau.Client.Producing;

/// <summary>Where a record came to lie; -1 where the broker does not remember, since it had the batch already.</summary>
public readonly record struct RecordAck(TopicPartition Where, long Offset);
