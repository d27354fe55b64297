namespace Moldau.Bench.Clients;

/// <summary>Who is measured.</summary>
internal enum ClientKind
{
    Moldau,
    Dekaf,
    Librdkafka,
    Confluent,

    /// <summary>No client: one thread that blocks, encodes records, and sends requests written by hand.</summary>
    Thread,

    /// <summary>No client: records are encoded, and go nowhere.</summary>
    Encoding,
}
