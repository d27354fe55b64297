using System.Buffers.Binary;

namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Walks LZ4 frames and appends what they hold. Needs no state beyond a position: linked blocks find their history in the destination.</summary>
internal ref struct Lz4FrameReader(ReadOnlySpan<byte> source, PooledBuffer destination)
{
    private const uint FrameMagic = 0x184D2204;
    private const uint LegacyFrameMagic = 0x184C2102;
    private const uint SkippableMagic = 0x184D2A50;
    private const uint SkippableMask = 0xFFFFFFF0;
    private const uint UncompressedBit = 0x80000000;

    // Room is asked for a step ahead of the decoder and in proportion to the bytes at hand, so that a frame that names
    // large blocks gets them only by really filling them.
    private const int ExpectedRatio = 8;
    private const int SmallestStep = 4096;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly PooledBuffer _destination = destination;
    private int _position;

    public void ReadAll()
    {
        if (_source.IsEmpty) throw new CorruptDataException("lz4", "no data, not even a frame header", 0);
        while (_position < _source.Length) ReadFrame();
    }

    private void ReadFrame()
    {
        var start = _position;
        var magic = ReadUInt32("a magic number");
        if (magic == FrameMagic)
        {
            ReadBlocks();
        }
        else if ((magic & SkippableMask) == SkippableMagic)
        {
            var length = ReadUInt32("the length of a skippable frame");
            if (length > (uint)(_source.Length - _position))
            {
                throw new CorruptDataException("lz4", $"a skippable frame of {length} bytes where {_source.Length - _position} are left", start);
            }
            _position += (int)length;
        }
        else if (magic == LegacyFrameMagic)
        {
            throw new CorruptDataException("lz4", "a legacy frame (magic 0x184c2102), which Kafka's record batches do not use", start);
        }
        else
        {
            throw new CorruptDataException("lz4", $"0x{magic:x8} is not the magic number of a frame", start);
        }
    }

    private void ReadBlocks()
    {
        var descriptor = Lz4FrameDescriptor.Read(_source, _position);
        var frameAt = _position;
        _position += descriptor.Length;
        var contentStart = _destination.Length;

        while (true)
        {
            var blockAt = _position;
            var header = ReadUInt32("a block's length");
            var length = (int)(header & ~UncompressedBit);
            // The end mark. With the top bit set it would be a stored block of nothing, which no writer produces
            // and which the reference and Kafka's own reader both take for the end mark.
            if (length == 0) break;
            if (length > descriptor.MaxBlockSize)
            {
                throw new CorruptDataException("lz4", $"a block of {length} bytes in a frame of blocks up to {descriptor.MaxBlockSize}", blockAt);
            }
            if (length > _source.Length - _position)
            {
                throw new CorruptDataException("lz4", $"a block of {length} bytes where {_source.Length - _position} are left", blockAt);
            }

            var block = _source.Slice(_position, length);
            if (descriptor.HasBlockChecksums) CheckBlock(block);
            if ((header & UncompressedBit) != 0) _destination.Write(block);
            else Decode(block, descriptor.MaxBlockSize, descriptor.HasIndependentBlocks ? _destination.Length : contentStart);
            _position += length + (descriptor.HasBlockChecksums ? 4 : 0);
        }
        CheckContent(descriptor, frameAt, _destination.Length - contentStart);
    }

    private readonly void Decode(ReadOnlySpan<byte> block, int maxBlockSize, int historyStart)
    {
        var read = 0;
        var blockStart = _destination.Length;
        while (true)
        {
            var left = maxBlockSize - (_destination.Length - blockStart);
            var wanted = Math.Min(left, Math.Max(SmallestStep, ExpectedRatio * (block.Length - read)));
            _destination.Reserve(Math.Min(wanted, _destination.MaxLength - _destination.Length));

            var bytes = _destination.Bytes;
            var written = _destination.Length;
            var end = Math.Min(written + left, Math.Min(bytes.Length, _destination.MaxLength));
            var missing = Lz4BlockDecoder.Decode(block, ref read, bytes, ref written, historyStart, end, _position);
            _destination.Advance(written - _destination.Length);
            if (missing == 0) return;

            if (missing > maxBlockSize - (written - blockStart))
            {
                throw new CorruptDataException("lz4", $"a block decodes to more than the frame's {maxBlockSize} bytes", _position + read);
            }
            // The whole sequence that did not fit: this is where the limit refuses.
            _destination.Reserve(missing);
        }
    }

    private readonly void CheckBlock(ReadOnlySpan<byte> block)
    {
        var at = _position + block.Length;
        if (_source.Length - at < 4) throw new CorruptDataException("lz4", "the data ends inside a block's checksum", _source.Length);
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(_source[at..]);
        var actual = XxHash32.Hash(block);
        if (stored != actual) throw new CorruptDataException("lz4", $"a block's checksum is 0x{stored:x8}, its bytes give 0x{actual:x8}", at);
    }

    private void CheckContent(in Lz4FrameDescriptor descriptor, int frameAt, int length)
    {
        if (descriptor.HasContentSize && descriptor.ContentSize != (ulong)length)
        {
            throw new CorruptDataException("lz4", $"the frame announces {descriptor.ContentSize} bytes of content and holds {length}", frameAt);
        }
        if (!descriptor.HasContentChecksum) return;
        var at = _position;
        var stored = ReadUInt32("the content's checksum");
        var actual = XxHash32.Hash(_destination.WrittenSpan[^length..]);
        if (stored != actual) throw new CorruptDataException("lz4", $"the content's checksum is 0x{stored:x8}, its bytes give 0x{actual:x8}", at);
    }

    private uint ReadUInt32(string what)
    {
        if (_source.Length - _position < 4) throw new CorruptDataException("lz4", $"the data ends inside {what}", _source.Length);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(_source[_position..]);
        _position += 4;
        return value;
    }
}
