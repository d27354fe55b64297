using System.Buffers.Binary;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>Requests of one shape, one after the other.</summary>
internal abstract class RequestSource
{
    /// <summary>The next request's parts, valid until the next call.</summary>
    /// <returns>How many records it holds.</returns>
    public abstract int Next(List<ArraySegment<byte>> parts);
}

/// <summary>A batch to each partition in turn, each encoded anew: the work of a client that fills batches.</summary>
internal sealed class EncodedBatches : RequestSource, IDisposable
{
    private readonly RecordBatchBuilder _builder = new(initialCapacity: 256 << 10);
    private readonly byte[][] _heads;
    private readonly byte[] _value;
    private readonly int _batchBytes;
    private readonly long _timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int _next;

    public EncodedBatches(short acks, string topic, int partitions, int recordBytes, int batchBytes)
    {
        (_value, _batchBytes) = (SampleValues.Random(recordBytes), batchBytes);
        _heads = new byte[partitions][];
        var size = Encode().Count;
        for (var partition = 0; partition < partitions; partition++)
        {
            var wire = Wire.Produce(acks, topic, 1);
            wire.BatchHead(partition, size);
            _heads[partition] = wire.Finish(behind: size);
        }
    }

    public override int Next(List<ArraySegment<byte>> parts)
    {
        parts.Add(_heads[_next]);
        _next = (_next + 1) % _heads.Length;
        parts.Add(Encode());
        return _builder.RecordCount;
    }

    public void Dispose() => _builder.Dispose();

    private ArraySegment<byte> Encode()
    {
        _builder.Clear();
        do _builder.Append(_timestamp, OptionalBytes.Null, _value);
        while (_builder.UncompressedSize + _value.Length < _batchBytes);
        return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_builder.Finish(new BatchOptions()), out var array) ? array : throw new InvalidOperationException("a batch without an array");
    }
}

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
