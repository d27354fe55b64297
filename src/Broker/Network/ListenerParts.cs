using Moldau.Broker.Network.Tls;
using Moldau.Broker.Quotas;
using Moldau.Storage.Files;

namespace Moldau.Broker.Network;

/// <summary>What a broker's listeners share.</summary>
/// <param name="Lanes">For sockets.</param>
/// <param name="StreamLanes">For what comes over a stream.</param>
/// <param name="Table">Of all connections.</param>
/// <param name="Rates">How many connections may come.</param>
/// <param name="Door">Where handshakes go through.</param>
/// <param name="Refusals">How many connections that are not let in are told of.</param>
/// <param name="Files">Where certificates are.</param>
/// <param name="Clock">Of the broker.</param>
/// <param name="Log">For what there is to say.</param>
/// <param name="Streams">What stands around a socket's stream; null for nothing.</param>
internal sealed record ListenerParts(
    Lanes Lanes, Lanes StreamLanes, ConnectionTable Table, ConnectionRates Rates, TlsDoor Door, LinePace Refusals, ISmallFiles Files, TimeProvider Clock, NetworkLog Log, Func<Stream, Stream>? Streams);
