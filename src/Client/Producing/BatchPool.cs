using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Batches that are through. The one used last is given out first: its memory is still near the processor.</summary>
internal sealed class BatchPool(ProducerOptions options)
{
    private const int FirstBytes = 16 << 10;

    private readonly Lock _gate = new();
    private readonly Stack<OutgoingBatch> _free = new();
    private readonly int _most = (int)Math.Clamp(options.BufferBytes / options.BatchBytes, 8, 4096);

    /// <param name="openedAt">The clock's timestamp.</param>
    public OutgoingBatch Rent(long openedAt)
    {
        OutgoingBatch? batch;
        lock (_gate) _free.TryPop(out batch);
        batch ??= new OutgoingBatch(new RecordBatchBuilder(options.Compression, options.CompressionLevel, Math.Min(options.BatchBytes, FirstBytes)));
        batch.OpenedAt = openedAt;
        return batch;
    }

    /// <summary>Nobody may hold it any more.</summary>
    public void Return(OutgoingBatch batch)
    {
        // One that grew for a record larger than a batch is not to be kept.
        if (batch.Size <= 2 * options.BatchBytes)
        {
            batch.Clear();
            lock (_gate)
            {
                if (_free.Count < _most)
                {
                    _free.Push(batch);
                    return;
                }
            }
        }

        batch.Builder.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_free.TryPop(out var batch)) batch.Builder.Dispose();
        }
    }
}
