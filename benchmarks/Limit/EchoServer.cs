using System.Net;
using System.Net.Sockets;

namespace Moldau.Bench.Limit;

/// <summary>Sends back what comes, a thread that blocks for each connection: the bare round trip.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public EchoServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Start() => new Thread(Accept) { IsBackground = true }.Start();

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            try
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
            catch (SocketException interrupted) when (interrupted.SocketErrorCode == SocketError.Interrupted)
            {
                // The runtime stops its threads with signals when it collects garbage.
            }
        }
    }

    private static void Serve(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var room = new byte[4096];
        while (socket.Receive(room) is var received and > 0) socket.Send(room, received, SocketFlags.None);
    }
}
