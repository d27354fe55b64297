using System.Net;
using System.Net.Sockets;
using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Looks at the listeners that a start would open: their ports, their names, their certificates.</summary>
/// <param name="values">The settings of the start.</param>
/// <param name="isBrokerRunning">Whether a broker has one of their data folders open.</param>
/// <param name="clock">What time it is.</param>
internal sealed class ListenerReader(IReadOnlyDictionary<string, string> values, bool isBrokerRunning, TimeProvider clock)
{
    public async Task<IReadOnlyList<ListenerFacts>> ReadAsync(CancellationToken cancellation)
    {
        var settings = BrokerSettings.Of(SettingLayers.Empty with { Start = values }).Listeners;
        var facts = new List<ListenerFacts>();
        foreach (var listener in settings.Listeners)
        {
            var advertised = settings.Advertised.FirstOrDefault(told => told.Name == listener.Name)?.Host ?? "";
            var (isLocal, problem) = await FindAsync(advertised, cancellation).ConfigureAwait(false);
            facts.Add(new ListenerFacts
            {
                Name = listener.Name,
                Protocol = listener.Protocol,
                Host = listener.Host,
                Port = listener.Port,
                IsPublic = listener.Host.Length == 0 || !(await FindAsync(listener.Host, cancellation).ConfigureAwait(false)).IsLocal,
                AsksForCertificate = Value(listener.Name, "ssl.client.auth") == "required",
                IsPortTaken = IsTaken(listener),
                IsBrokerRunning = isBrokerRunning,
                // An address to listen on that was not named to clients is not judged as one.
                AdvertisedHost = values.ContainsKey("advertised.listeners") ? advertised : "",
                IsAdvertisedLocal = isLocal,
                AdvertisedProblem = problem,
                Certificate = listener.Protocol.EndsWith("SSL", StringComparison.Ordinal) ? Certificate(listener.Name) : null,
                Now = clock.GetUtcNow(),
            });
        }

        return facts;
    }

    private ListenerFacts.CertificateFacts? Certificate(string listener) =>
        Value(listener, "ssl.keystore.location") is { Length: > 0 } path ? CertificateReader.Read(path, Value(listener, "ssl.keystore.password"), Value(listener, "ssl.key.password")) : null;

    /// <summary>What is set for the listener counts before what is set for all.</summary>
    private string? Value(string listener, string setting) =>
        values.GetValueOrDefault($"listener.name.{listener.ToLowerInvariant()}.{setting}") ?? values.GetValueOrDefault(setting);

    private static async Task<(bool IsLocal, string? Problem)> FindAsync(string host, CancellationToken cancellation)
    {
        if (host.Length == 0) return (false, null);
        if (IPAddress.TryParse(host, out var address)) return (IPAddress.IsLoopback(address), null);
        try
        {
            var found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
            return (found.Length > 0 && Array.TrueForAll(found, IPAddress.IsLoopback), found.Length == 0 ? "no address" : null);
        }
        catch (SocketException unknown)
        {
            return (false, unknown.Message);
        }
    }

    private static bool IsTaken(Listener listener)
    {
        if (listener.Port == 0) return false;
        var address = listener.Host.Length == 0 ? IPAddress.IPv6Any : IPAddress.TryParse(listener.Host, out var given) ? given : IPAddress.Loopback;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, listener.Port));
            return false;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied;
        }
    }
}
