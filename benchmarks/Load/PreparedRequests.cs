using System.Buffers.Binary;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>Requests made beforehand, in turn: where encoding or compressing them would take longer than the broker does.</summary>
internal sealed class PreparedRequests : RequestSource
{
    private readonly List<byte[]> _frames = [];
    private readonly List<int> _records = [];
    private int _next;

    public override int Next(List<ArraySegment<byte>> parts)
    {
        parts.Add(_frames[_next]);
        var records = _records[_next];
        _next = (_next + 1) % _frames.Count;
        return records;
    }

    public void Add(Wire wire, int records)
    {
        _frames.Add(wire.Finish());
        _records.Add(records);
    }

    /// <summary>One record a request, to each partition in turn.</summary>
    public static PreparedRequests OfOneRecord(short acks, string topic, int partitions, int recordBytes)
    {
        var requests = new PreparedRequests();
        var batch = SampleValues.Batch(1, recordBytes);
        for (var partition = 0; partition < partitions; partition++)
        {
            var wire = Wire.Produce(acks, topic, 1);
            wire.Batch(partition, batch);
            requests.Add(wire, 1);
        }

        return requests;
    }

    /// <summary>A batch to every partition in each request, as a producer without linger sends what has come for each.</summary>
    public static PreparedRequests OfAllPartitions(short acks, string topic, int partitions, int recordsEach, int recordBytes, int keyBytes = 0)
    {
        var requests = new PreparedRequests();
        var wire = Wire.Produce(acks, topic, partitions);
        for (var partition = 0; partition < partitions; partition++) wire.Batch(partition, SampleValues.Batch(recordsEach, recordBytes, keyBytes));
        requests.Add(wire, partitions * recordsEach);
        return requests;
    }

    public static PreparedRequests OfBatches(short acks, string topic, int partitions, IReadOnlyList<byte[]> batches)
    {
        var requests = new PreparedRequests();
        for (var i = 0; i < batches.Count * partitions; i++)
        {
            var batch = batches[i % batches.Count];
            var wire = Wire.Produce(acks, topic, 1);
            wire.Batch(i % partitions, batch);
            requests.Add(wire, BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(BatchLayout.RecordCount)));
        }

        return requests;
    }
}
