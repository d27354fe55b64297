namespace Moldau.Broker.Security.Certificates;

/// <summary>What a Java keystore holds.</summary>
/// <param name="Keys">In their order.</param>
/// <param name="Trusted">Certificates, in DER.</param>
internal sealed record JksContent(IReadOnlyList<JksKey> Keys, IReadOnlyList<byte[]> Trusted);
