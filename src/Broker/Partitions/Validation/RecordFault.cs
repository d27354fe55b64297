namespace Moldau.Broker.Partitions.Validation;

/// <summary>Why a record of a batch is refused.</summary>
/// <param name="Index">The record's place in the batch.</param>
internal readonly record struct RecordFault(int Index, string Message);
