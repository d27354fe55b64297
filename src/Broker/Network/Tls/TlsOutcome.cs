namespace Moldau.Broker.Network.Tls;

/// <summary>How a handshake ended.</summary>
internal enum TlsOutcome
{
    Completed,
    NotTls,
    Refused,
    TimedOut,
    Broken,
}
