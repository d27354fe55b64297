using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Records;

/// <summary>The attribute bits of a batch.</summary>
public readonly record struct BatchAttributes(short Bits)
{
    private const short CompressionMask = 0x07;
    private const short LogAppendTimeBit = 0x08;
    private const short TransactionalBit = 0x10;
    private const short ControlBit = 0x20;
    private const short DeleteHorizonBit = 0x40;

    public CompressionType Compression => (CompressionType)(Bits & CompressionMask);

    /// <summary>Every record then has the batch's maximum timestamp, which the broker set.</summary>
    public bool IsLogAppendTime => (Bits & LogAppendTimeBit) != 0;

    public bool IsTransactional => (Bits & TransactionalBit) != 0;

    /// <summary>A control batch holds one record that consumers never see: the end of a transaction.</summary>
    public bool IsControl => (Bits & ControlBit) != 0;

    /// <summary>The base timestamp is then the time from which compaction may drop the batch's tombstones.</summary>
    public bool HasDeleteHorizon => (Bits & DeleteHorizonBit) != 0;

    public static BatchAttributes Of(
        CompressionType compression, bool isLogAppendTime = false, bool isTransactional = false, bool isControl = false)
    {
        var bits = (int)compression;
        if (isLogAppendTime) bits |= LogAppendTimeBit;
        if (isTransactional) bits |= TransactionalBit;
        if (isControl) bits |= ControlBit;
        return new BatchAttributes((short)bits);
    }

    public BatchAttributes WithLogAppendTime(bool isLogAppendTime) =>
        new((short)(isLogAppendTime ? Bits | LogAppendTimeBit : Bits & ~LogAppendTimeBit));

    /// <summary>Marks the base timestamp as the delete horizon.</summary>
    public BatchAttributes WithDeleteHorizon() => new((short)(Bits | DeleteHorizonBit));
}
