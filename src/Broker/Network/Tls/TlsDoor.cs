using System.Net.Security;
using System.Net.Sockets;
using Moldau.Broker.Security.Tls;

namespace Moldau.Broker.Network.Tls;

/// <summary>What all handshakes of a broker share: how many compute at once, how long one may take, what is counted and told of them.</summary>
internal sealed class TlsDoor(HandshakeGate gate, TlsCounts counts, TimeProvider clock, TimeSpan patience, NetworkLog log)
{
    private const int LinesAtOnce = 10;

    private readonly LinePace _pace = new(clock, LinesAtOnce, TimeSpan.FromSeconds(10));

    public TlsCounts Counts { get; } = counts;

    public TimeProvider Clock { get; } = clock;

    public TimeSpan Patience { get; } = patience;

    public StreamTransport Transport(Socket socket, string remote, ListenerTls tls)
    {
        var line = new TlsLine(socket, gate);
        var stream = new SslStream(line, leaveInnerStreamOpen: false);
        return new StreamTransport(stream, remote, new TlsEntrance(tls.Current, line, stream, this).EnterAsync);
    }

    public void Tell(Connection connection, string fault)
    {
        var left = _pace.Take();
        if (left == 0) log.HandshakeFailed(connection.Remote, connection.Listener.Name, fault);
        else if (left > 0) log.HandshakesFailed(connection.Remote, connection.Listener.Name, fault, left);
    }
}
