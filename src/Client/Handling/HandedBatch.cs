using Moldau.Client.Consuming;
using Moldau.Client.Fetching;

namespace Moldau.Client.Handling;

/// <summary>A batch whose records are with their handlers, and where each is counted.</summary>
internal sealed class HandedBatch(FetchedBatch batch, CancellationToken stop)
{
    // Beside the batch's own: it is given back with the last record.
    private readonly Watermark _given = batch.Given!;

    public FetchedBatch Batch => batch;

    public Watermark Given => _given;

    public TopicPartition Where { get; } = batch.State.Where;

    /// <summary>Cancelled when its handlers are waited for no longer.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Records that are not over yet.</summary>
    public int Left { get; set; } = batch.Count;

    /// <summary>By which a record is counted: the first stands for what is before it, too.</summary>
    public long CountedAt(int index) => index == 0 ? batch.First : batch.OffsetOf(index);
}
