using System.Runtime.InteropServices;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

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
        return MemoryMarshal.TryGetArray(_builder.Finish(new BatchOptions()), out var array) ? array : throw new InvalidOperationException("a batch without an array");
    }
}
