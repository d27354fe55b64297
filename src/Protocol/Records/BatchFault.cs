namespace Moldau.Protocol.Records;

/// <summary>What is wrong with a batch. Who answers a client turns it into an error code.</summary>
public enum BatchFault
{
    /// <summary>Fewer bytes than the batch says it has, or than a header takes.</summary>
    Truncated,

    /// <summary>A length that no batch can have.</summary>
    BadLength,

    /// <summary>A format before magic 2, or one that does not exist.</summary>
    UnsupportedMagic,

    BadChecksum,

    UnknownCompression,

    /// <summary>The compressed records cannot be decompressed.</summary>
    BadCompression,

    /// <summary>The records decompress to more than is allowed.</summary>
    TooLarge,

    /// <summary>The record count, the last offset and the records do not agree.</summary>
    BadCount,

    /// <summary>A record whose inner lengths or deltas are wrong.</summary>
    BadRecord,
}
