using System.Net;
using System.Net.Sockets;

namespace Moldau.Compatibility;

/// <summary>Ports for servers that want them named before they listen. Each is given once in this run.</summary>
internal static class FreePorts
{
    // Below what systems give to those who connect: thousands of connections of other tests are on those,
    // and one that is made between this look and the server's own bind would take the port from it.
    private const int First = 10_000;
    private const int End = 32_000;

    private static readonly Lock Turn = new();

    // Two runs on one machine begin at different places.
    private static int _next = Random.Shared.Next(First, End);

    public static int One() => InRow(1);

    /// <param name="count">Ports that follow each other; the first is answered.</param>
    public static int InRow(int count)
    {
        lock (Turn)
        {
            while (true)
            {
                if (_next + count > End) _next = First;
                var first = _next;
                _next += count;
                if (Enumerable.Range(first, count).All(IsFree)) return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        // On every address of the machine, as some servers listen.
        using var attempt = new TcpListener(IPAddress.Any, port);
        try
        {
            attempt.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
