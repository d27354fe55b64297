using Moldau.Bench.Clients.Worker;
using Moldau.Protocol.Records;

namespace Moldau.Bench.Limit;

/// <summary>A partition that nobody wrote and that has no end: the same batches again and again, under the offsets that are asked for.</summary>
internal sealed class EndlessLog
{
    /// <summary>Further than anybody reads.</summary>
    public const long End = 1L << 40;

    private const int BatchBytes = 16 << 10;
    private const int AllBytes = 1 << 20;

    private readonly byte[] _batches;
    private readonly int _batchSize;
    private readonly int _batchRecords;

    public EndlessLog(int valueBytes, bool isKeyed)
    {
        var samples = new Samples(new ClientTask(ClientWork.Produce, "", valueBytes, isKeyed, "none", BatchBytes, 0));
        using var builder = new RecordBatchBuilder(initialCapacity: 2 * BatchBytes);
        do builder.Append(1_700_000_000_000, isKeyed ? samples.Key(builder.RecordCount) : OptionalBytes.Null, samples.Value(builder.RecordCount));
        while (builder.UncompressedSize + valueBytes < BatchBytes);
        _batchRecords = builder.RecordCount;
        var batch = builder.Finish(new BatchOptions());
        _batchSize = batch.Length;
        _batches = new byte[AllBytes / _batchSize * _batchSize];
        for (var at = 0; at < _batches.Length; at += _batchSize) batch.Span.CopyTo(_batches.AsSpan(at));
    }

    /// <summary>Whole batches from the one that holds an offset; at least one. They are to be copied before the next are asked for.</summary>
    public ReadOnlySpan<byte> From(long offset, int mostBytes)
    {
        var length = Math.Clamp(mostBytes / _batchSize * _batchSize, _batchSize, _batches.Length);
        var first = offset / _batchRecords * _batchRecords;
        // Base offset and epoch are no part of the checksum.
        for (var at = 0; at < length; at += _batchSize, first += _batchRecords) BatchPatch.SetOffsetAndEpoch(_batches.AsSpan(at, _batchSize), first, 0);
        return _batches.AsSpan(0, length);
    }
}
