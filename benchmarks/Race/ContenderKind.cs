namespace Moldau.Bench.Race;

internal enum ContenderKind
{
    Moldau,

    /// <summary>Ours where everybody authenticates, under ten thousand rules.</summary>
    Guarded,

    /// <summary>Apache Kafka, where <c>MOLDAU_KAFKA</c> names it.</summary>
    Kafka,

    /// <summary>The bare broker of <c>Limit/</c>.</summary>
    Limit,
}
