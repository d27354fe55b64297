using System.Buffers;
using Moldau.Coordination.Deliveries;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Sharing;

/// <summary>Reads which records of a batch have keys, for groups that keep the order of those; compressed ones are unpacked for that.</summary>
internal sealed class ShareKeys
{
    private const ulong HashBasis = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;

    private readonly List<RecordKey> _keys = [];

    /// <summary>Valid until the next call.</summary>
    public IReadOnlyList<RecordKey> Of(in LogSlice slice, int begin, int end)
    {
        _keys.Clear();
        var bytes = ArrayPool<byte>.Shared.Rent(end - begin);
        try
        {
            var batch = bytes.AsSpan(0, end - begin);
            if (slice.Read(begin, batch) == batch.Length) Collect(RecordBatch.Read(batch));
        }
        catch (InvalidBatchException)
        {
            // Whoever is given it finds that by its checksum; nobody is to be kept from being told.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return _keys;
    }

    private void Collect(RecordBatch batch)
    {
        using var scratch = new PooledBuffer(batch.Bytes.Length);
        var records = batch.GetRecords(scratch);
        var last = -1;
        while (records.MoveNext())
        {
            // In a damaged one anything may stand.
            if (records.OffsetDelta <= last) return;
            last = records.OffsetDelta;
            if (!records.Key.IsNull) _keys.Add(new RecordKey(batch.BaseOffset + last, HashOf(records.Key.Span)));
        }
    }

    // FNV-1a. Whoever makes keys that meet makes his own records wait.
    private static ulong HashOf(ReadOnlySpan<byte> key)
    {
        var hash = HashBasis;
        foreach (var one in key) hash = (hash ^ one) * HashPrime;
        return hash;
    }
}
