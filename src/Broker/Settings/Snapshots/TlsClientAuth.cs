namespace Moldau.Broker.Settings.Snapshots;

/// <summary>Whether a client shows a certificate: <c>ssl.client.auth</c>.</summary>
public enum TlsClientAuth
{
    /// <summary>It is not asked for one.</summary>
    None,

    /// <summary>It may, and a bad one is refused.</summary>
    Requested,

    /// <summary>It must.</summary>
    Required,
}
