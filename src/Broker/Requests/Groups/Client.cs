using Moldau.Coordination.Groups;

namespace Moldau.Broker.Requests.Groups;

/// <summary>Whoever asks, as a group knows him.</summary>
internal static class Client
{
    public static MemberClient Of(Exchange exchange)
    {
        var remote = exchange.Connection.Remote;
        var port = remote.LastIndexOf(':');
        return new MemberClient(exchange.ClientId, "/" + (port < 0 ? remote : remote[..port]));
    }
}
