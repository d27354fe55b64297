namespace Moldau.Protocol.Records;

/// <summary>Where a record's parts stand, in bytes from the first record of its batch.</summary>
public readonly record struct RecordLayout
{
    public int OffsetDelta { get; init; }

    public long TimestampDelta { get; init; }

    public int KeyStart { get; init; }

    /// <summary>-1 for null.</summary>
    public int KeyLength { get; init; }

    public int ValueStart { get; init; }

    /// <summary>-1 for null.</summary>
    public int ValueLength { get; init; }

    public int HeadersStart { get; init; }

    public int HeaderCount { get; init; }

    /// <summary>Behind the record.</summary>
    public int End { get; init; }
}
