namespace Moldau.Unit.Storage.Simulation;

/// <summary>What follows from the batches of a log: its producers, and the transactions that were aborted. Made the slow way.</summary>
internal sealed class LogPicture
{
    public Dictionary<long, ProducerPicture> Producers { get; } = [];

    /// <summary>Each with its batches and its marker, in the order of the markers.</summary>
    public List<(List<WrittenBatch> Batches, WrittenBatch Marker)> Aborted { get; } = [];

    public static LogPicture Of(IEnumerable<WrittenBatch> batches)
    {
        var picture = new LogPicture();
        foreach (var batch in batches) picture.Add(batch);
        return picture;
    }

    public void Add(WrittenBatch batch)
    {
        if (!batch.HasProducer) return;
        var id = batch.Produced.ProducerId;
        if (!Producers.TryGetValue(id, out var producer)) Producers.Add(id, producer = new ProducerPicture(id));
        if (producer.Epoch != batch.Produced.Epoch) producer.Last = null;
        producer.Epoch = batch.Produced.Epoch;
        producer.LastOffset = batch.LastOffset;
        if (batch.End is { } end)
        {
            (producer.CoordinatorEpoch, producer.MarkerOffset) = (end.CoordinatorEpoch, batch.LastOffset);
            if (end.IsAbort && producer.Begin is not null) Aborted.Add((producer.Open, batch));
            producer.Begin = null;
            producer.Open = [];
            return;
        }

        producer.Last = batch;
        if (!batch.Produced.IsTransactional) return;
        producer.Begin ??= batch;
        producer.Open.Add(batch);
    }
}
