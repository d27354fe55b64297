namespace Moldau.Unit.Storage.Simulation;

/// <summary>What one producer did in a log, as its batches say it.</summary>
internal sealed class ProducerPicture(long id)
{
    public long Id { get; } = id;

    public short Epoch { get; set; } = -1;

    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>Its last batch of the epoch; null where it has none in it yet.</summary>
    public WrittenBatch? Last { get; set; }

    /// <summary>The first batch of its open transaction; null where none is open.</summary>
    public WrittenBatch? Begin { get; set; }

    /// <summary>All batches of it.</summary>
    public List<WrittenBatch> Open { get; set; } = [];

    /// <summary>That of its last marker; -1 without one.</summary>
    public long MarkerOffset { get; set; } = -1;

    /// <summary>Where it was last heard of.</summary>
    public long LastOffset { get; set; }

    public int NextSequence => Last is null ? 0 : Last.Produced.LastSequence + 1;
}
