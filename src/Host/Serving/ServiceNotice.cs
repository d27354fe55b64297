using System.Net.Sockets;
using System.Text;

namespace Moldau.Host.Serving;

/// <summary>
/// Tells who started the program how far it is: a datagram to the socket that <c>NOTIFY_SOCKET</c> names, as sd_notify(3)
/// sends it. Nothing where nobody wants to know, and nothing fails for it.
/// </summary>
internal sealed class ServiceNotice(string? socket)
{
    public const string Variable = "NOTIFY_SOCKET";

    public static ServiceNotice OfProcess() => new(Environment.GetEnvironmentVariable(Variable));

    public void Ready(string status) => Tell($"READY=1\nSTATUS={status}");

    public void Stopping() => Tell("STOPPING=1\nSTATUS=closing the logs");

    private void Tell(string text)
    {
        if (string.IsNullOrEmpty(socket) || OperatingSystem.IsWindows()) return;
        try
        {
            // An @ stands for the zero byte in front of a name that is in no file system.
            var address = new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket);
            using var line = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            line.SendTo(Encoding.UTF8.GetBytes(text), address);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            // It is gone or was never there; the broker is worth more than the notice.
        }
    }
}
