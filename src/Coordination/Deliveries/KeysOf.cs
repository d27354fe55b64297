namespace Moldau.Coordination.Deliveries;

/// <summary>The records of a batch that have keys, in their order.</summary>
/// <param name="batch">Which of the batches that were read, counted from 0.</param>
public delegate IReadOnlyList<RecordKey> KeysOf(int batch);
