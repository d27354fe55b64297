using Moldau.Protocol.Compression;

namespace Moldau.Client.Producing;

/// <summary>How records are gathered and sent.</summary>
public record ProducerOptions
{
    private const int PipelinedBatches = 5;

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
    public int BatchBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of records that wait or are under way; who writes more waits.</summary>
    public long BufferBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of the batches of one request, before compression. A larger record is refused.</summary>
    public int MaxRequestBytes { get; init; } = 1 << 20;

    /// <summary>Requests that one broker has been sent and not answered.</summary>
    public int RequestsUnderWay { get; init; } = PipelinedBatches;

    /// <summary>
    /// Batches of one partition that are under way: five at most, which is what brokers remember of an idempotent producer. Without
    /// idempotence more than one may change places where one is sent again, so null means one there.
    /// </summary>
    public int? BatchesUnderWay { get; init; }

    /// <summary>How long a record is tried to be delivered.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Which partition a record goes to that names none.</summary>
    public Partitioner Partitioner { get; init; } = Partitioner.Murmur2;

    /// <summary>A partition that has had something ready for so long, and could not get rid of it, is given no records without a key.</summary>
    public TimeSpan AvailabilityTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The name under which this producer's transactions are known, whichever process it runs in: whoever begins with it fences who had it
    /// before. Null for a producer without transactions.
    /// </summary>
    public string? TransactionalId { get; init; }

    /// <summary>How long a transaction may take; then its coordinator aborts it.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal int MostUnderWay => BatchesUnderWay ?? (IsIdempotent ? PipelinedBatches : 1);

    /// <exception cref="ArgumentException">Two of them contradict each other, or one is not possible.</exception>
    internal void Check()
    {
        if (IsIdempotent && !WaitsForAll) throw new ArgumentException("a producer that is idempotent waits for all replicas; set WaitsForAll, or clear IsIdempotent");
        if (TransactionalId is not null && !IsIdempotent) throw new ArgumentException("a producer with a TransactionalId is idempotent; set IsIdempotent, or take TransactionalId away");
        if (TransactionalId is { Length: 0 }) throw new ArgumentException("TransactionalId is empty; give it a name, or null for no transactions");
        if (MostUnderWay < 1 || (IsIdempotent && MostUnderWay > PipelinedBatches)) throw new ArgumentException($"BatchesUnderWay is {MostUnderWay}; it takes 1 to {PipelinedBatches}, and more only without IsIdempotent");
        if (RequestsUnderWay < 1) throw new ArgumentException($"RequestsUnderWay is {RequestsUnderWay}; it takes 1 or more");
        if (BatchBytes < 1) throw new ArgumentException($"BatchBytes is {BatchBytes}; it takes 1 or more");
        if (MaxRequestBytes < 1) throw new ArgumentException($"MaxRequestBytes is {MaxRequestBytes}; it takes 1 or more");
        if (BufferBytes < 1) throw new ArgumentException($"BufferBytes is {BufferBytes}; it takes 1 or more");
        if (Linger < TimeSpan.Zero) throw new ArgumentException($"Linger is {Linger}; it takes no time or more");
    }
}
