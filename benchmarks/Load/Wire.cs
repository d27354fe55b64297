using System.Buffers.Binary;
using System.Text;

namespace Moldau.Bench.Load;

/// <summary>
/// The few requests the loads are made of, written by hand: the same bytes go to every contender, and nothing of ours is
/// measured on this side of the wire. Versions without tagged fields, which all of them speak.
/// </summary>
internal sealed class Wire
{
    public const short ProduceVersion = 8;
    public const short FetchVersion = 11;
    public const short ListOffsetsVersion = 1;

    /// <summary>Where the correlation id stands in a frame, behind its length, the API's key and version.</summary>
    public const int CorrelationAt = 8;

    /// <summary>A partition and the length of its batch.</summary>
    public const int BatchHeadBytes = 2 * sizeof(int);

    private const string ClientName = "bench";
    private const int TimeoutMilliseconds = 30_000;

    private byte[] _bytes = new byte[256];
    private int _length;

    public int Length => _length;

    /// <summary>The smallest question there is.</summary>
    public static byte[] ApiVersions()
    {
        var wire = new Wire();
        wire.Start(18, 0);
        return wire.Finish();
    }

    public static Wire Produce(short acks, string topic, int partitions)
    {
        var wire = new Wire();
        wire.Start(0, ProduceVersion);
        wire.Int16(-1);
        wire.Int16(acks);
        wire.Int32(TimeoutMilliseconds);
        wire.Topic(topic, partitions);
        return wire;
    }

    public static Wire Fetch(string topic, IReadOnlyList<(int Partition, long Offset)> partitions, int partitionBytes, int waitMilliseconds)
    {
        var wire = new Wire();
        wire.Start(1, FetchVersion);
        wire.Int32(-1);
        wire.Int32(waitMilliseconds);
        wire.Int32(1);
        wire.Int32(int.MaxValue);
        wire._bytes[wire._length++] = 0;
        wire.Int32(0);
        wire.Int32(-1);
        wire.Topic(topic, partitions.Count);
        foreach (var (partition, offset) in partitions)
        {
            wire.Int32(partition);
            wire.Int32(-1);
            wire.Int64(offset);
            wire.Int64(-1);
            wire.Int32(partitionBytes);
        }

        wire.Int32(0);
        wire.Text("");
        return wire;
    }

    /// <summary>Asks where each partition ends.</summary>
    public static Wire ListOffsets(string topic, int partitions)
    {
        const long Latest = -1;
        var wire = new Wire();
        wire.Start(2, ListOffsetsVersion);
        wire.Int32(-1);
        wire.Topic(topic, partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            wire.Int32(partition);
            wire.Int64(Latest);
        }

        return wire;
    }

    public void Batch(int partition, ReadOnlySpan<byte> batch)
    {
        BatchHead(partition, batch.Length);
        Raw(batch);
    }

    /// <summary>All but the batch's bytes, which are to be sent behind it.</summary>
    public void BatchHead(int partition, int length)
    {
        Int32(partition);
        Int32(length);
    }

    /// <summary>For a batch that is not the first of its frame.</summary>
    public static byte[] BatchHeadAlone(int partition, int length)
    {
        var head = new byte[BatchHeadBytes];
        BinaryPrimitives.WriteInt32BigEndian(head, partition);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(sizeof(int)), length);
        return head;
    }

    /// <summary>The frame's bytes, its length counting so many that are sent behind them.</summary>
    public byte[] Finish(int behind = 0)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes, _length - sizeof(int) + behind);
        return _bytes.AsSpan(0, _length).ToArray();
    }

    /// <summary>What was written so far, where it is no frame.</summary>
    public ReadOnlySpan<byte> Written() => _bytes.AsSpan(0, _length);

    public void Int64(long value)
    {
        Room(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(long);
    }

    public static Wire Of(short api, short version)
    {
        var wire = new Wire();
        wire.Start(api, version);
        return wire;
    }

    /// <summary>In a version with tagged fields, of which there are none.</summary>
    public static Wire Flexible(short api, short version)
    {
        var wire = Of(api, version);
        wire.Byte(0);
        return wire;
    }

    private void Start(short api, short version)
    {
        _length = sizeof(int);
        Int16(api);
        Int16(version);
        Int32(0);
        Text(ClientName);
    }

    private void Topic(string topic, int partitions)
    {
        Int32(1);
        Text(topic);
        Int32(partitions);
    }

    public void Text(string text)
    {
        Int16((short)text.Length);
        Room(text.Length);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    public void Int32(int value)
    {
        Room(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(int);
    }

    public void Int16(short value)
    {
        Room(sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(short);
    }

    public void Byte(byte value)
    {
        Room(1);
        _bytes[_length++] = value;
    }

    /// <summary>A length of 32 bits and the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        Raw(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>In seven bits a byte. Where it is a length it is one more than that.</summary>
    public void Varint(int value)
    {
        for (var left = (uint)value; ; left >>= 7)
        {
            if (left < 0x80)
            {
                Byte((byte)left);
                return;
            }

            Byte((byte)(left | 0x80));
        }
    }

    /// <summary>In a version with tagged fields.</summary>
    public void CompactText(string? text)
    {
        Varint(text is null ? 0 : text.Length + 1);
        if (text is not null) Raw(Encoding.UTF8.GetBytes(text));
    }

    private void Room(int more)
    {
        if (_length + more > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
