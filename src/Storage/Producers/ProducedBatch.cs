using Moldau.Protocol.Records;

namespace Moldau.Storage.Producers;

/// <summary>What the producers' states need to know of a batch of data; its offsets are those it gets in this log.</summary>
public readonly record struct ProducedBatch(
    long ProducerId, short Epoch, int BaseSequence, int LastSequence, long BaseOffset, long LastOffset, long MaxTimestamp, bool IsTransactional)
{
    /// <summary>A batch as it lies in the log.</summary>
    public static ProducedBatch Of(RecordBatch batch) => At(batch, batch.BaseOffset);

    /// <summary>A batch that is about to be appended, before its offset is patched in.</summary>
    public static ProducedBatch At(RecordBatch batch, long baseOffset) => new(
        batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence, baseOffset, baseOffset + batch.LastOffsetDelta,
        batch.MaxTimestamp, batch.Attributes.IsTransactional);
}
