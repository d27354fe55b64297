namespace Moldau.Broker.Network.Tls;

/// <summary>The first byte of a connection is none that a handshake begins with.</summary>
internal sealed class NotTlsException(byte first)
    : IOException($"its first byte is 0x{first:x2}, and TLS begins with 0x16: it speaks without TLS (security.protocol of the client) or is no Kafka client");
