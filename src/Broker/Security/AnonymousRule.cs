using System.Net;
using Moldau.Broker.Settings.Snapshots;

namespace Moldau.Broker.Security;

/// <summary>Nobody is let in from other machines without being asked who he is, unless that was said to be meant.</summary>
internal static class AnonymousRule
{
    /// <param name="settings">The broker's.</param>
    /// <param name="listener">As it is to be bound.</param>
    /// <param name="address">What its host turned out to be.</param>
    /// <returns>What is wrong and what to do, a sentence; null where nothing is.</returns>
    public static string? Fault(BrokerSettings settings, Listener listener, IPEndPoint address)
    {
        if (IPAddress.IsLoopback(address.Address) || settings.Listeners.AllowsAnonymous) return null;
        var asks = listener.Protocol switch
        {
            "SASL_PLAINTEXT" or "SASL_SSL" => true,
            "SSL" => settings.Tls(listener.Name).ClientAuth == TlsClientAuth.Required,
            _ => false,
        };
        return asks ? null
            : $"listener {listener.Name} would let anybody in who reaches {address}: {listener.Protocol}{(listener.Protocol == "SSL" ? " without ssl.client.auth=required" : "")} asks nobody who he is. " +
              "Listen on 127.0.0.1, or let clients authenticate (SSL with ssl.client.auth=required, SASL_SSL), or say that it is meant: --allow-anonymous, which is moldau.allow.anonymous=true";
    }
}
