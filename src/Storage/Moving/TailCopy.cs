using Moldau.Protocol.Records;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Moving;

/// <summary>
/// Appends to a copy what its source has taken since, batch by batch. It reads the segments themselves, also below the
/// start: records that somebody deletes meanwhile have told the producers' states something all the same.
/// </summary>
internal sealed class TailCopy(CopySource source, PartitionLog copy)
{
    private const int ChunkBytes = 1 << 20;

    private LogSegment _segment = source.Active;
    private int _position;
    private byte[] _buffer = new byte[ChunkBytes];

    /// <summary>Up to where the source ends at this moment.</summary>
    /// <returns>The bytes that were appended.</returns>
    public long Run(CancellationToken stop)
    {
        var end = source.Log.EndOffset;
        var copied = 0L;
        while (copy.EndOffset < end)
        {
            stop.ThrowIfCancellationRequested();
            source.EnsureUnchanged();
            var available = _segment.Length - _position;
            if (available > 0) copied += CopyChunk(available);
            else if (Next() is { } next)
            {
                // Only now that there is one behind it this one has its last length.
                if (_segment.Length == _position) (_segment, _position) = (next, 0);
            }
            else throw new CopyEndedException($"{source.Log.Name} ends at {end}, but nothing follows behind {copy.EndOffset}");
        }

        return copied;
    }

    private LogSegment? Next()
    {
        foreach (var segment in source.Log.Segments.All)
        {
            if (segment.BaseOffset > _segment.BaseOffset) return segment;
        }

        return null;
    }

    private int CopyChunk(int available)
    {
        var length = Read(available);
        var at = 0;
        while (length - at >= BatchLayout.HeaderSize && RecordBatch.SizeOf(_buffer.AsSpan(at)) is var size && size <= length - at)
        {
            Append(_buffer.AsSpan(at, size));
            at += size;
        }

        if (at == 0) Grow(length);
        _position += at;
        return at;
    }

    private int Read(int available)
    {
        var file = _segment.File.Hold();
        try
        {
            var wanted = Math.Min(available, _buffer.Length);
            var read = file.Read(_position, _buffer.AsSpan(0, wanted));
            return read == wanted ? read : throw new CopyEndedException($"{_segment.File.Path} ends at {_position + read}, before what was appended to it");
        }
        finally
        {
            _segment.File.LetGo();
        }
    }

    private void Grow(int length)
    {
        var size = length >= BatchLayout.HeaderSize ? RecordBatch.SizeOf(_buffer) : 0;
        if (size <= _buffer.Length) throw new CopyEndedException($"{_segment.File.Path}: no batch at {_position}");
        _buffer = new byte[size];
    }

    private void Append(ReadOnlySpan<byte> batch)
    {
        var first = RecordBatch.Read(batch).BaseOffset;
        if (first != copy.EndOffset) throw new CopyEndedException($"{_segment.File.Path}: a batch at offset {first}, where {copy.EndOffset} is next");
        var result = copy.AppendAsFollower(batch);
        if (result.Outcome == AppendOutcome.TooLarge)
        {
            // It was taken when segments might be larger.
            var settings = copy.Settings;
            copy.Settings = settings with { SegmentBytes = batch.Length };
            result = copy.AppendAsFollower(batch);
            copy.Settings = settings;
        }

        if (result.Outcome != AppendOutcome.Appended)
            throw new CopyEndedException($"the copy {copy.Folder} took no batch ({result.Outcome}): {copy.Fault?.Reason ?? copy.LastFailure?.Message}");
    }
}
