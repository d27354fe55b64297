namespace Moldau.Compatibility.Differential;

/// <summary>What came back for a request: bytes behind the header, or nothing and why.</summary>
/// <param name="Body">The response; empty where there was none.</param>
/// <param name="Silence">What happened instead of a response; null where one came.</param>
internal readonly record struct BrokerAnswer(ReadOnlyMemory<byte> Body, string? Silence);
