using System.Runtime.InteropServices;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Load;

/// <summary>
/// Requests as producers send them that have more than they can send: a full batch for each of a broker's partitions, up to a
/// megabyte together. Every record is encoded anew: the work of a client that fills batches.
/// </summary>
internal sealed class EncodedBatches : RequestSource, IDisposable
{
    private const int MostRequestBytes = 1 << 20;

    private readonly RecordBatchBuilder[] _builders;
    private readonly byte[][][] _heads;
    private readonly byte[] _value;
    private readonly int _batchBytes;
    private readonly long _timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int _next;

    public EncodedBatches(short acks, string topic, int partitions, int recordBytes, int batchBytes)
    {
        (_value, _batchBytes) = (SampleValues.Random(recordBytes), batchBytes);
        _builders = new RecordBatchBuilder[Math.Min(partitions, MostRequestBytes / batchBytes)];
        for (var i = 0; i < _builders.Length; i++) _builders[i] = new RecordBatchBuilder(initialCapacity: 2 * batchBytes);
        var size = Encode(_builders[0]).Count;
        // As many requests as it takes until the first partition is first again.
        _heads = new byte[partitions / (int)System.Numerics.BigInteger.GreatestCommonDivisor(partitions, _builders.Length)][][];
        for (var i = 0; i < _heads.Length; i++) _heads[i] = Heads(acks, topic, partitions, first: i * _builders.Length % partitions, size);
    }

    public override int Next(List<ArraySegment<byte>> parts)
    {
        var (heads, records) = (_heads[_next], 0);
        _next = (_next + 1) % _heads.Length;
        for (var i = 0; i < _builders.Length; i++)
        {
            parts.Add(heads[i]);
            parts.Add(Encode(_builders[i]));
            records += _builders[i].RecordCount;
        }

        return records;
    }

    public void Dispose()
    {
        foreach (var builder in _builders) builder.Dispose();
    }

    /// <summary>What stands before each batch: the frame's beginning, and each batch's partition and length.</summary>
    private byte[][] Heads(short acks, string topic, int partitions, int first, int size)
    {
        var heads = new byte[_builders.Length][];
        var wire = Wire.Produce(acks, topic, _builders.Length);
        wire.BatchHead(first, size);
        var others = (_builders.Length - 1) * (Wire.BatchHeadBytes + size);
        heads[0] = wire.Finish(behind: size + others);
        for (var i = 1; i < heads.Length; i++) heads[i] = Wire.BatchHeadAlone((first + i) % partitions, size);
        return heads;
    }

    private ArraySegment<byte> Encode(RecordBatchBuilder builder)
    {
        builder.Clear();
        do builder.Append(_timestamp, OptionalBytes.Null, _value);
        while (builder.UncompressedSize + _value.Length < _batchBytes);
        return MemoryMarshal.TryGetArray(builder.Finish(new BatchOptions()), out var array) ? array : throw new InvalidOperationException("a batch without an array");
    }
}
