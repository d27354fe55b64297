using Moldau.Protocol.Compression;

namespace Moldau.Client.Producing;

/// <summary>How records are gathered and sent.</summary>
public sealed record RecordWriterOptions
{
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>The codec's default where it is null.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Whether a record counts as written when all replicas in sync have it, rather than the leader alone.</summary>
    public bool WaitsForAll { get; init; } = true;

    /// <summary>Whether brokers recognise a batch that is sent again, so that none is written twice. Needs <see cref="WaitsForAll"/>.</summary>
    public bool IsIdempotent { get; init; } = true;

    /// <summary>How long a batch that is not full waits for more.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Bytes of a batch before compression; one larger record makes a batch of its own.</summary>
    public int BatchBytes { get; init; } = 256 << 10;

    /// <summary>Bytes of records that wait or are under way; who writes more waits.</summary>
    public long BufferBytes { get; init; } = 32 << 20;

    /// <summary>How long a record is tried to be delivered.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(120);
}
