namespace Moldau.Protocol.Records;

/// <summary>Where the fields of a record batch of magic 2 stand, in bytes from its start.</summary>
public static class BatchLayout
{
    public const int BaseOffset = 0;
    public const int Length = 8;
    public const int LeaderEpoch = 12;
    public const int Magic = 16;
    public const int Checksum = 17;
    public const int Attributes = 21;
    public const int LastOffsetDelta = 23;
    public const int BaseTimestamp = 27;
    public const int MaxTimestamp = 35;
    public const int ProducerId = 43;
    public const int ProducerEpoch = 51;
    public const int BaseSequence = 53;
    public const int RecordCount = 57;
    public const int Records = 61;

    /// <summary>The fewest bytes a batch has: a header and no record, as compaction leaves behind.</summary>
    public const int HeaderSize = Records;

    /// <summary>The length field counts what stands behind it.</summary>
    public const int LengthOverhead = LeaderEpoch;

    /// <summary>The checksum covers everything from the attributes on: base offset and leader epoch may change without it.</summary>
    public const int ChecksumStart = Attributes;

    public const byte CurrentMagic = 2;
}
