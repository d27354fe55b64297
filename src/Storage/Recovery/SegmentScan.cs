using System.Buffers;
using System.Buffers.Binary;
using Moldau.Protocol.Records;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Recovery;

/// <summary>
/// Reads a segment batch by batch and says up to where it is sound: lengths fit, the magic is known, the checksum is right,
/// and no offset goes back. Offsets may be missing: compaction leaves it so, on the leader a follower has copied, too; and
/// no crash takes a batch out of the middle of a file. Indexes and epochs are made on the way.
/// </summary>
/// <param name="file">The segment.</param>
internal sealed class SegmentScan(IFile file)
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>No batch is longer: a length that says so is damage, and is not to be read into memory.</summary>
    private const int LongestBatch = int.MaxValue / 2;

    private byte[] _buffer = [];
    private long _windowStart;
    private int _windowLength;

    /// <param name="position">Of a batch's first byte.</param>
    /// <param name="offset">That it must begin with.</param>
    /// <param name="indexes">Are told of each sound batch.</param>
    /// <param name="epochs">Learn what they do not know.</param>
    public ScanResult Run(long position, long offset, IndexBuilder indexes, LeaderEpochCache epochs)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        _windowLength = 0;
        try
        {
            var length = file.Length;
            while (position < length)
            {
                var problem = TryRead(position, length, offset, out var batch);
                if (problem is not null) return Stopped(position, offset, length, problem);
                if (epochs.Latest is not { } latest || batch.LeaderEpoch > latest.Epoch) AssignEpoch(epochs, batch);
                var size = batch.Bytes.Length;
                offset = batch.LastOffset + 1;
                indexes.Add((int)position, size, batch.LastOffset, batch.MaxTimestamp);
                position += size;
            }

            return new ScanResult(ScanStop.End, position, offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private static void AssignEpoch(LeaderEpochCache epochs, RecordBatch batch)
    {
        if (batch.LeaderEpoch >= 0) epochs.Assign(batch.LeaderEpoch, batch.BaseOffset);
    }

    private ScanResult Stopped(long position, long offset, long length, string problem)
    {
        if (IsZeros(position, length)) return new ScanResult(ScanStop.Zeros, position, offset, "zeros to the end of the file");
        for (var next = position + 1; next <= length - BatchLayout.HeaderSize; next++)
        {
            // Cheap looks first: nearly every byte is none of a batch's beginning.
            var header = Window(next, BatchLayout.HeaderSize);
            if (header[BatchLayout.Magic] != BatchLayout.CurrentMagic) continue;
            var found = BinaryPrimitives.ReadInt64BigEndian(header);
            if (found < offset || found - offset > int.MaxValue) continue;
            if (Problem(next, length, out var batch) is null)
                return new ScanResult(ScanStop.Suspect, position, offset, problem, next, batch.BaseOffset);
        }

        return new ScanResult(ScanStop.Torn, position, offset, problem);
    }

    private string? TryRead(long position, long length, long offset, out RecordBatch batch)
    {
        if (Problem(position, length, out batch) is { } problem) return problem;
        return batch.BaseOffset >= offset ? null : $"a batch at offset {batch.BaseOffset} where {offset} follows";
    }

    private string? Problem(long position, long length, out RecordBatch batch)
    {
        batch = default;
        var left = length - position;
        if (left < BatchLayout.HeaderSize) return $"{left} bytes, fewer than the {BatchLayout.HeaderSize} of a batch's header";
        var size = BinaryPrimitives.ReadInt32BigEndian(Window(position, BatchLayout.HeaderSize)[BatchLayout.Length..]);
        if (size < BatchLayout.HeaderSize - BatchLayout.LengthOverhead || size > Math.Min(LongestBatch, left - BatchLayout.LengthOverhead))
            return $"a batch's length of {size} where {left} bytes are left";
        try
        {
            batch = RecordBatch.Read(Window(position, size + BatchLayout.LengthOverhead));
            batch.EnsureChecksum();
            return batch.BaseOffset < 0 ? $"a batch at offset {batch.BaseOffset}" : null;
        }
        catch (InvalidBatchException damage)
        {
            return damage.Message;
        }
    }

    private bool IsZeros(long position, long length)
    {
        while (position < length)
        {
            var some = Window(position, (int)Math.Min(length - position, BatchLayout.HeaderSize * 64));
            if (some.ContainsAnyExcept((byte)0)) return false;
            position += some.Length;
        }

        return true;
    }

    private ReadOnlySpan<byte> Window(long position, int size)
    {
        if (position < _windowStart || position + size > _windowStart + _windowLength) Fill(position, size);
        return _buffer.AsSpan((int)(position - _windowStart), size);
    }

    private void Fill(long position, int size)
    {
        if (size > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        _windowStart = position;
        _windowLength = file.Read(position, _buffer);
        // It was longer a moment ago, and this process is the only one that changes it.
        if (_windowLength < size) throw new DiskException(DiskFault.Failed, "read", file.Path, $"{_windowLength} bytes at {position}, {size} were there");
    }
}
