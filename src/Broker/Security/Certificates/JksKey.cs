namespace Moldau.Broker.Security.Certificates;

/// <summary>A key in a Java keystore.</summary>
/// <param name="Protected">Still under its password.</param>
/// <param name="Chain">Its certificate, and those above it, in DER.</param>
internal sealed record JksKey(byte[] Protected, IReadOnlyList<byte[]> Chain);
