using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>Compaction that drops more than it may: what holds a place in the log, or tombstones as soon as they can go.</summary>
internal sealed class HastyFilter(IBatchFilter filter, HastyFilter.Dropping drops) : IBatchFilter
{
    private readonly PooledBuffer _left = new();

    public enum Dropping
    {
        LastOfSegment,
        LastOfProducer,
        Tombstones,
    }

    public IReadOnlyDictionary<long, ProducerEnd> Producers
    {
        get => filter.Producers;
        set => filter.Producers = value;
    }

    public void Begin(PassRules rules, PassCounts counts) =>
        filter.Begin(drops == Dropping.Tombstones ? rules with { DeleteRetention = 0 } : rules, counts);

    public void Filter(RecordBatch batch, bool isLastOfSegment, PooledBuffer output)
    {
        _left.Clear();
        filter.Filter(batch, isLastOfSegment, _left);
        if (_left.Length > 0 && !IsDropped(RecordBatch.Read(_left.WrittenSpan))) output.Write(_left.WrittenSpan);
    }

    public void Dispose()
    {
        _left.Dispose();
        filter.Dispose();
    }

    private bool IsDropped(RecordBatch left) => left.RecordCount == 0 && drops switch
    {
        Dropping.LastOfSegment => !left.HasProducerId,
        Dropping.LastOfProducer => left.HasProducerId,
        _ => false,
    };
}
