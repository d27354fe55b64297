using System.Buffers.Binary;
using Moldau.Protocol.Records;
using Moldau.Storage.Files;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>
/// Walks the headers of a segment's batches and leaves their records alone. The buffer is the caller's; several small
/// batches come with one read of it.
/// </summary>
internal ref struct BatchHeaders
{
    /// <summary>Of the buffer; more of small batches at once.</summary>
    public const int BufferSize = 2048;

    private readonly IFile _file;
    private readonly int _end;
    private readonly Span<byte> _buffer;
    private int _next;
    private int _windowStart;
    private int _windowLength;
    private ReadOnlySpan<byte> _header;

    public BatchHeaders(IFile file, int position, int end, Span<byte> buffer)
    {
        _file = file;
        _next = position;
        _end = end;
        _buffer = buffer;
    }

    public int Position { get; private set; }

    public int Size { get; private set; }

    public readonly long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_header[BatchLayout.BaseOffset..]);

    public readonly long LastOffset => BaseOffset + BinaryPrimitives.ReadInt32BigEndian(_header[BatchLayout.LastOffsetDelta..]);

    public readonly int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_header[BatchLayout.LeaderEpoch..]);

    public readonly long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_header[BatchLayout.MaxTimestamp..]);

    public readonly long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_header[BatchLayout.ProducerId..]);

    public readonly BatchAttributes Attributes => new(BinaryPrimitives.ReadInt16BigEndian(_header[BatchLayout.Attributes..]));

    /// <summary>What a producer's state needs to know of the batch; a control batch has to be read for that.</summary>
    public readonly ProducedBatch Produced
    {
        get
        {
            var sequence = BinaryPrimitives.ReadInt32BigEndian(_header[BatchLayout.BaseSequence..]);
            var delta = BinaryPrimitives.ReadInt32BigEndian(_header[BatchLayout.LastOffsetDelta..]);
            var lastSequence = sequence < 0 ? sequence : (int)(((long)sequence + delta) & int.MaxValue);
            var epoch = BinaryPrimitives.ReadInt16BigEndian(_header[BatchLayout.ProducerEpoch..]);
            return new ProducedBatch(ProducerId, epoch, sequence, lastSequence, BaseOffset, LastOffset, MaxTimestamp, Attributes.IsTransactional);
        }
    }

    public bool MoveNext()
    {
        if (_next >= _end) return false;
        if (_end - _next < BatchLayout.HeaderSize) throw Damaged($"{_end - _next} bytes, fewer than the {BatchLayout.HeaderSize} of a batch's header");
        if (_next < _windowStart || _next + BatchLayout.HeaderSize > _windowStart + _windowLength) Fill();
        var header = _buffer.Slice(_next - _windowStart, BatchLayout.HeaderSize);
        var length = BinaryPrimitives.ReadInt32BigEndian(header[BatchLayout.Length..]);
        if (length < BatchLayout.HeaderSize - BatchLayout.LengthOverhead || length > _end - _next - BatchLayout.LengthOverhead)
            throw Damaged($"a batch's length of {length} where {_end - _next} bytes are left");
        if (header[BatchLayout.Magic] != BatchLayout.CurrentMagic) throw Damaged($"a batch of magic {header[BatchLayout.Magic]}");
        _header = header;
        Position = _next;
        Size = length + BatchLayout.LengthOverhead;
        _next += Size;
        return true;
    }

    private void Fill()
    {
        var wanted = Math.Min(_buffer.Length, _end - _next);
        _windowStart = _next;
        _windowLength = _file.Read(_next, _buffer[..wanted]);
        if (_windowLength < BatchLayout.HeaderSize) throw Damaged($"the file ends after {_windowLength} bytes of a batch's header");
    }

    private readonly LogDamageException Damaged(string problem) =>
        new(_file.Path, _next, _header.IsEmpty ? -1 : LastOffset + 1, problem);
}
