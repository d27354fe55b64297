using System.Buffers;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Compaction;

/// <summary>
/// Reads a segment in large pieces of whole batches, and trusts nothing: lengths, checksums and the order of offsets are
/// looked at before anybody decides what may be dropped. The buffer grows to a batch that is larger, and can be let go.
/// </summary>
internal sealed class SegmentChunks(int size) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);

    public int BufferSize => _buffer.Length;

    /// <summary>Reads on.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="position">Where a batch begins.</param>
    /// <param name="end">Where the segment ends; above the position.</param>
    /// <param name="lowestOffset">The batches' offsets begin here or above.</param>
    /// <returns>Whole batches, at least one; valid until the next call.</returns>
    public ReadOnlySpan<byte> Read(IFile file, long position, long end, long lowestOffset)
    {
        var wanted = (int)Math.Min(_buffer.Length, end - position);
        if (wanted < BatchLayout.HeaderSize) throw new LogDamageException(file.Path, position, lowestOffset, $"{wanted} bytes, fewer than the {BatchLayout.HeaderSize} of a batch's header");
        Fill(file, position, wanted, lowestOffset);
        var first = SizeOf(file, position, lowestOffset);
        if (first > end - position)
            throw new LogDamageException(file.Path, position, lowestOffset, $"a batch of {first} bytes by its length where {end - position} are left");
        if (first > wanted)
        {
            if (first > _buffer.Length) Resize(first);
            Fill(file, position, first, lowestOffset);
            wanted = first;
        }

        return _buffer.AsSpan(0, Check(file, position, wanted, end, lowestOffset));
    }

    /// <summary>Lets go of what an unusually large batch took.</summary>
    public void Shrink()
    {
        if (_buffer.Length > 2 * size) Resize(size);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Resize(int wanted)
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(wanted);
    }

    private void Fill(IFile file, long position, int length, long lowestOffset)
    {
        var read = file.Read(position, _buffer.AsSpan(0, length));
        if (read < length)
            throw new LogDamageException(file.Path, position, lowestOffset, $"the file ends at byte {position + read}, before {position + length}");
    }

    private int SizeOf(IFile file, long position, long lowestOffset)
    {
        try
        {
            return RecordBatch.SizeOf(_buffer);
        }
        catch (InvalidBatchException invalid)
        {
            throw new LogDamageException(file.Path, position, lowestOffset, invalid.Message, invalid);
        }
    }

    /// <returns>Where the last whole batch ends.</returns>
    private int Check(IFile file, long position, int length, long end, long lowestOffset)
    {
        var checkedUpTo = 0;
        try
        {
            while (length - checkedUpTo > BatchLayout.Magic)
            {
                var rest = _buffer.AsSpan(checkedUpTo, length - checkedUpTo);
                if (RecordBatch.SizeOf(rest) > rest.Length) break;
                var batch = RecordBatch.Read(rest);
                batch.EnsureChecksum();
                if (batch.BaseOffset < lowestOffset)
                    throw new LogDamageException(file.Path, position + checkedUpTo, lowestOffset, $"a batch at offset {batch.BaseOffset}, below {lowestOffset}, which is next");
                lowestOffset = batch.LastOffset + 1;
                checkedUpTo += batch.Bytes.Length;
            }
        }
        catch (InvalidBatchException invalid)
        {
            throw new LogDamageException(file.Path, position + checkedUpTo, lowestOffset, invalid.Message, invalid);
        }

        // What follows the last batch must be one that goes on behind this piece.
        if (checkedUpTo < length && position + length == end)
            throw new LogDamageException(file.Path, position + checkedUpTo, lowestOffset, $"{length - checkedUpTo} bytes at the segment's end that are no whole batch");
        return checkedUpTo;
    }
}
